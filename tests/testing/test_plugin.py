"""The pytest plugin, used by suites of tests as users write them."""

import json
import sys

import pytest
from conftest import Server

CALLING = """
import httpx
import pytest

ACCOUNT = "625702934721171442"


def ask(fake, path, json=None, root="https://api.criteo.com", method="POST", **headers):
    headers = {"Authorization": f"Bearer {fake.token()}", **headers}
    return httpx.request(method, f"{root}/2026-07/retail-media/{path}", json=json, headers=headers, verify=False)


def create(fake, name, **more):
    attributes = {"name": name, "retailerId": "12", "contactList": {"identifierType": "Email"}}
    return ask(fake, f"accounts/{ACCOUNT}/audience-segments/create", {"data": [{"attributes": attributes}]}, **more)


def clear(fake):
    return ask(fake, "audience-segments/225702933721171456/contact-list/clear")
"""


@pytest.fixture
def suite(pytester: pytest.Pytester):
    """A suite of tests beside a module that knows how to call."""

    def written(tests: str, ini: str = "") -> pytest.Pytester:
        pytester.makepyfile(calling=CALLING, test_suite=f"import pytest\nfrom calling import *\n\n{tests}")
        pytester.makeini(f"[pytest]\naddopts = -p no:randomly -p no:cacheprovider\n{ini}")
        return pytester

    return written


def test_each_test_has_a_fresh_world(suite):
    tests = """
    @pytest.mark.parametrize("time", [1, 2])
    def test_create(mockserver, time):
        assert create(mockserver, "Mine").json()["warnings"] == []
        assert [str(each) for each in mockserver.diff()][0].endswith("'Mine'")
        mockserver.journal.assert_called("bulkCreateAudienceSegments", times=1, caller="demo-client", status=200)
    """
    suite(dedent(tests)).runpytest().assert_outcomes(passed=2)


def dedent(text: str) -> str:
    return "\n".join(line.removeprefix("    ") for line in text.splitlines())


def test_the_markers_nearest_to_a_test_have_the_last_word(suite):
    tests = """
    pytestmark = pytest.mark.mockserver(rate_limit=3, readings={"contact-list-clear": "204"})

    def test_module(mockserver):
        assert clear(mockserver).status_code == 204
        assert [clear(mockserver).status_code for _ in range(3)] == [204, 204, 429]

    @pytest.mark.mockserver(rate_limit="off", clock="2026-11-10T09:00:00Z", readings={"match-rate": "percentage"})
    def test_function(mockserver):
        assert clear(mockserver).status_code == 204
        assert dict(mockserver.readings)["match-rate"] == "percentage"
        assert mockserver.clock.time.isoformat() == "2026-11-10T09:00:00+00:00"
        assert {clear(mockserver).status_code for _ in range(9)} == {204}

    @pytest.mark.mockserver(profile="openapi", readings={"contact-list-clear": "200-body"}, world="empty", seed=7)
    def test_profile(mockserver):
        assert mockserver.readings["add-remove-shape"] == "flat"
        assert len(mockserver.world.parts["criteo"].segments) == 0
        assert mockserver.world.seed == 7
    """
    suite(dedent(tests)).runpytest().assert_outcomes(passed=3)


def test_the_configuration_speaks_for_every_test(suite):
    tests = """
    def test_it(mockserver):
        assert mockserver.readings["add-remove-shape"] == "flat"
        assert mockserver.clock.time.year == 2027
        assert len(mockserver.world.parts["criteo"].segments) == 0
    """
    ini = "mockserver_profile = openapi\nmockserver_world = empty\nmockserver_clock = 2027-02-03T04:05:06Z"
    suite(dedent(tests), ini).runpytest().assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("marker", "told"),
    [
        ("readings={'contact-list-clera': '204'}", "did you mean 'contact-list-clear'?"),
        ("readings={'contact-list-clear': '205'}", "did you mean '204'?"),
        ("readings='all'", "or 'every', not 'all'"),
        ("profile='openai'", "did you mean 'openapi'?"),
        ("world='dmeo'", "did you mean 'demo'?"),
        ("wrld='demo'", "did you mean 'world'?"),
        ("clock='yesterday'", "a time is written like"),
        ("rate_limit=0", "a rate limit is"),
        ("seed='x'", "'seed' of the fake can not be 'x'"),
        ("seed=-1", "a seed is"),
        ("world=None", "'world' of the fake can not be None"),
        ("readings={1: 2}", "readings are chosen by name"),
        ("clock=None", "'clock' of the fake can not be None"),
        ("sleep='never'", "unknown way to sleep"),
        ("'demo'", "takes its settings by name"),
    ],
)
def test_a_mistake_in_a_marker_is_met_before_any_test_runs(suite, marker, told):
    result = suite(f"@pytest.mark.mockserver({marker})\ndef test_it(mockserver): pass\n\ndef test_other(): pass").runpytest()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"*test_suite.py:* test_it: *{told.replace('[', '[[]')}*"])


def test_a_mistake_in_the_configuration_is_met_at_once(suite):
    result = suite("def test_it(mockserver): pass", "mockserver_profile = openai").runpytest_subprocess()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*configuration of mockserver: unknown profile 'openai'; did you mean 'openapi'?*"])


def test_a_wrong_world_file_is_told_by_file_line_and_field(suite, pytester):
    file = pytester.path / "mine.yaml"
    file.write_text("criteo:\n  retailers:\n    - {id: '1', nam: One}\n  accounts: []\n  applications: []\n  segmetns: []\n")
    result = suite(f"@pytest.mark.mockserver(world={str(file)!r})\ndef test_it(mockserver): pass").runpytest()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines_random(
        [
            "*mine.yaml:3: criteo.retailers.0: *name* is a required property*",
            "*mine.yaml:3: criteo.retailers.0.nam: unknown field 'nam'; did you mean 'name'?*",
            "*mine.yaml:6: criteo.segmetns: unknown field 'segmetns'; did you mean 'segments'?*",
        ]
    )


def test_a_call_that_would_leave_fails_the_test_though_nobody_noticed(suite):
    tests = """
    def leaking():
        try:
            httpx.post("https://api.criteo.com/oauth2/token")
        except httpx.HTTPError:
            return None

    def test_leak():
        leaking()

    def test_sound(mockserver):
        assert create(mockserver, "Mine").status_code == 200
    """
    result = suite(dedent(tests)).runpytest()
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        ["a call for api.criteo.com would have left for the real host: *test_suite.py:* in leaking: httpx.post(*"]
    )


def test_the_guard_can_be_sent_away(suite):
    tests = """
    def test_it(mockserver):
        create(mockserver, "Mine")

    def test_it_does_not_stand():
        from mockserver.testing.bridges import guard
        assert not guard.install(), "it can not be made to stand"
        guard.recall()
        assert guard.install(), "it stood already"
        guard.uninstall()
        guard.dismiss()
    """
    suite(dedent(tests), "mockserver_guard = false").runpytest_subprocess().assert_outcomes(passed=2)


def test_a_failing_test_tells_its_last_calls_and_their_whys(suite):
    tests = """
    def test_it(mockserver):
        token = mockserver.token()
        create(mockserver, "Segment Name")
        mockserver.faults.add(__import__("mockserver.testing").testing.Status(503))
        clear(mockserver) if False else httpx.get("https://api.criteo.com/2026-07/retail-media/accounts/1/audience-segments/2/contact-list",
            headers={"Authorization": f"Bearer {token}"})
        assert token == "shown by pytest, as it is the test's own", "x"
    """
    result = suite(dedent(tests)).runpytest("--show-capture=no", "--tb=line")
    result.assert_outcomes(failed=1)
    told = result.stdout.str()
    result = suite(dedent(tests)).runpytest()
    result.stdout.fnmatch_lines(
        [
            "*mockserver: the last calls*",
            "#* POST /2026-07/*/audience-segments/create -> 200 name-must-be-unique at data/0/attributes/name",
            "*evidence: guide: *",
            "*looked at: {'segment of that name': '225702933721171456'}",
            "*would be taken (200): data/0/attributes/name: 'Segment Name' -> 'Segment Name 2'",
            "#* GET *contact-list -> 503 [[]fault-1[]] service-unavailable",
        ]
    )
    assert "Traceback" not in told


def test_every_reading_that_is_touched_is_a_test_of_its_own(suite):
    tests = """
    @pytest.mark.mockserver(readings="every")
    @pytest.mark.parametrize("n", [1])
    def test_clear(mockserver, n):
        assert clear(mockserver).status_code == 200

    class TestIn:
        @pytest.mark.mockserver(readings="every")
        def test_class(self, mockserver):
            assert create(mockserver, "Mine").json()["data"][0]["type"].endswith("AudienceSegment")

    @pytest.mark.mockserver(readings="every")
    def test_nothing(mockserver):
        pass

    def test_after(mockserver):
        assert mockserver.readings["contact-list-clear"] == "200-body"
    """
    for options in ((), ("-n", "2")):
        result = suite(dedent(tests)).runpytest_subprocess("-v", *options)
        result.stdout.fnmatch_lines_random(
            [
                "*test_clear[[]1[]]*",
                "*test_clear[[]1-contact-list-clear=204[]]*",
                "*test_class *",
                "*test_class[[]segment-resource-type=RetailMediaAudienceSegment[]]*",
                "*test_class[[]empty-problem-lists=omitted[]]*",
            ]
        )
        outcomes = result.parseoutcomes()
        assert outcomes["failed"] == 1, "only the body of a 204 is missed"
        assert outcomes["passed"] >= 8
        assert "test_nothing[" not in result.stdout.str()
        assert "test_class[contact-list-clear" not in result.stdout.str()


def test_the_report_tells_what_the_tests_relied_on(suite, pytester):
    tests = """
    def test_one(mockserver):
        create(mockserver, "Segment Name")

    def test_two(mockserver):
        clear(mockserver)
    """
    reports = []
    for options in ((), ("-n", "2")):
        suite(dedent(tests)).runpytest_subprocess("--mockserver-report=r.json", *options).assert_outcomes(passed=2)
        reports.append(json.loads((pytester.path / "r.json").read_text("utf-8")))
    assert reports[0] == reports[1]
    operations = {(row["operation"], row["status"]): row["calls"] for row in reports[0]["operations"]}
    assert operations == {
        ("bulkCreateAudienceSegments", 200): 1,
        ("ClearContactListByAudienceSegment", 200): 1,
    }
    (refusal,) = reports[0]["refusals"]
    assert (refusal["code"], refusal["evidence"], refusal["times"]) == ("name-must-be-unique", "guide", 1)
    readings = {row["reading"]: row["alternative"] for row in reports[0]["readings"]}
    assert readings["contact-list-clear"] == "200-body"
    assert "match-rate" not in readings
    rules = {row["rule"] for row in reports[0]["assumptions"]}
    assert {"names-as-sent", "refused-calls-count"} <= rules
    assert "realtime-window" not in rules
    suite(dedent(tests)).runpytest("--mockserver-report=r.txt").assert_outcomes(passed=2)
    assert "bulkCreateAudienceSegments" in (pytester.path / "r.txt").read_text("utf-8")


def test_the_live_server_is_the_same_world(suite):
    tests = """
    @pytest.mark.parametrize("time", [1, 2])
    def test_it(mockserver, mockserver_url, time):
        made = create(mockserver, "Mine", root=mockserver_url).json()["data"]
        assert len(made) == 1
        assert create(mockserver, "Mine").json()["warnings"][0]["code"] == "name-must-be-unique"
        mockserver.journal.assert_called("bulkCreateAudienceSegments", times=2)
    """
    suite(dedent(tests)).runpytest().assert_outcomes(passed=2)


def test_eight_workers_on_one_server_never_meet(suite, server: Server):
    tests = """
    @pytest.mark.mockserver(readings={"match-rate": "percentage"}, rate_limit=60)
    @pytest.mark.parametrize("time", range(40))
    def test_it(mockserver_url, time):
        root = mockserver_url + "/2026-07/retail-media"
        form = {"grant_type": "client_credentials", "client_id": "demo-client", "client_secret": "demo-secret"}
        with httpx.Client(verify=False) as client:
            token = client.post(mockserver_url + "/oauth2/token", data=form).json()["access_token"]
            client.headers["Authorization"] = f"Bearer {token}"
            for n in range(5):
                attributes = {"name": f"list {n}", "retailerId": "12", "contactList": {"identifierType": "Email"}}
                url = f"{root}/accounts/{ACCOUNT}/audience-segments/create"
                answer = client.post(url, json={"data": [{"attributes": attributes}]})
                assert answer.json()["warnings"] == [], answer.text
            found = client.post(f"{root}/accounts/{ACCOUNT}/audience-segments/search?limit=0", json={})
            assert found.json()["meta"]["totalItems"] == 429
            assert found.headers["x-ratelimit-remaining"] == "54"
    """
    result = suite(dedent(tests)).runpytest_subprocess("-n", "8", f"--mockserver-url={server.url}")
    result.assert_outcomes(passed=40)
    assert server.worlds.names() == ["default"]


def test_a_server_that_is_not_there_is_told(suite):
    result = suite("def test_it(mockserver_url): pass").runpytest("--mockserver-url=http://127.0.0.1:1")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*cannot reach http://127.0.0.1:1/_mock/worlds*is the server running?*"])


def test_what_a_running_server_cannot_be_asked_is_told(suite, server: Server):
    tests = "@pytest.mark.mockserver(world='empty')\ndef test_it(mockserver_url): pass"
    result = suite(tests).runpytest(f"--mockserver-url={server.url}")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*were chosen when it was started*"])
    assert server.worlds.names() == ["default"]


def test_sleeping_by_the_clock_takes_no_time(suite):
    tests = """
    import asyncio, time

    @pytest.mark.mockserver(sleep="clock")
    def test_sync(mockserver):
        before = mockserver.clock.now()
        time.sleep(86_400)
        asyncio.run(asyncio.sleep(3_600))
        assert mockserver.clock.now() == before + 90_000

    def test_awake(mockserver):
        before = mockserver.clock.now()
        time.sleep(0.001)
        assert mockserver.clock.now() == before
    """
    suite(dedent(tests)).runpytest().assert_outcomes(passed=2)


def test_the_plugin_alone_imports_neither_the_fake_nor_a_library(pytester):
    script = "import sys, mockserver.testing.plugin; print([name for name in {!r} if name in sys.modules])"
    ours = ["mockserver.engine", "mockserver.providers", "mockserver.testing.fake", "yaml", "uvicorn", "starlette"]
    wanted = ["hypothesis", "respx", "httpx", "httpx2", "aiohttp", "urllib3", "requests", "schemathesis", "faker", *ours]
    told = pytester.run(sys.executable, "-c", script.format(wanted))
    told.stdout.fnmatch_lines(["[[][]]"])


def test_a_test_case_of_unittest_is_told_what_it_cannot_have(suite):
    tests = """
    import unittest

    class TestCase(unittest.TestCase):
        @pytest.mark.mockserver(readings="every")
        def test_it(self):
            pass
    """
    result = suite(dedent(tests)).runpytest()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*not of unittest.TestCase*"])


def test_a_helper_of_the_kit_touches_no_reading(suite):
    tests = """
    @pytest.mark.mockserver(readings="every")
    def test_it(mockserver):
        mockserver.token()

    @pytest.mark.mockserver(readings="every")
    def test_in_a_fork(mockserver):
        with mockserver.trial() as fork:
            clear(fork)
    """
    result = suite(dedent(tests)).runpytest("-v")
    told = result.stdout.str()
    assert "test_it[" not in told
    assert "test_in_a_fork[contact-list-clear=204] PASSED" in told


def test_the_report_counts_what_is_asked_without_a_fixture_and_before_a_reset(suite, pytester):
    tests = """
    from mockserver.testing import faked

    def test_without():
        with faked() as fake:
            clear(fake)

    def test_reset(mockserver):
        create(mockserver, "Mine")
        mockserver.reset()
    """
    suite(dedent(tests)).runpytest("--mockserver-report=r.json").assert_outcomes(passed=2)
    report = json.loads((pytester.path / "r.json").read_text("utf-8"))
    assert {row["operation"] for row in report["operations"]} == {
        "ClearContactListByAudienceSegment",
        "bulkCreateAudienceSegments",
    }


def test_a_report_that_cannot_be_written_is_told_before_any_test_runs(suite):
    result = suite("def test_it(): pass").runpytest_subprocess("--mockserver-report=nowhere/r.json")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*--mockserver-report=nowhere/r.json: there is no such folder*"])


def test_a_thread_that_spends_its_calls_fails_the_test(suite):
    tests = """
    import threading

    @pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
    @pytest.mark.mockserver(most_calls=3)
    def test_it(mockserver):
        def work():
            while True:
                clear(mockserver)
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    """
    result = suite(dedent(tests)).runpytest()
    assert result.parseoutcomes().get("errors", 0) + result.parseoutcomes().get("failed", 0) == 1
    result.stdout.fnmatch_lines(["*more calls than most_calls allows*"])


def test_the_same_refusal_many_times_is_told_once(suite):
    tests = """
    def test_it(mockserver):
        for _ in range(5):
            create(mockserver, "Segment Name")
        assert False
    """
    told = suite(dedent(tests)).runpytest().stdout.str()
    assert told.count("would be taken") == 1
    assert told.count("as #1") == 4


def test_a_test_that_commands_a_world_it_does_not_call_is_told(suite, server: Server):
    result = suite("def test_it(mockserver, mockserver_url): pass").runpytest(f"--mockserver-url={server.url}")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*command it by mockserver_url + */_mock/*"])
