"""What was called is counted, whatever world it was in, and told to Prometheus by its own parser's taste."""

import httpx
from conftest import Client, Server, engine_of
from over_http import CREDENTIALS
from prometheus_client.parser import text_string_to_metric_families

from mockserver.message import compose
from mockserver.serving.metrics import metrics
from mockserver.serving.tally import BOUNDS, Counted, Tally
from mockserver.worlds import Worlds


def test_calls_are_counted_by_operation_version_and_status() -> None:
    client, tally = Client(engine_of()), Tally()
    client.search()
    client.search()
    client.search("?limit=none")
    client.engine.handle(compose("GET", "/nowhere"))
    for entry in client.engine.world.journal:
        tally.count(entry, 0.0001)
    assert {counted: timing.count for counted, timing in tally.calls.items()} == {
        Counted("criteo", "requestToken", "", 200): 1,
        Counted("criteo", "searchAudienceSegments", "2026-07", 200): 2,
        Counted("criteo", "searchAudienceSegments", "2026-07", 400): 1,
        Counted("criteo", "", "", 404): 1,
    }
    assert tally.total == 5


def test_times_are_counted_under_the_first_bound_that_holds_them() -> None:
    client, tally = Client(engine_of()), Tally()
    client.login()
    (entry,) = client.engine.world.journal
    for seconds in (*BOUNDS, 0.0, BOUNDS[3] + 1e-9, 5.0):
        tally.count(entry, seconds)
    (timing,) = tally.calls.values()
    expected = [1] * len(BOUNDS) + [1]
    expected[0] += 1
    expected[4] += 1
    assert timing.buckets == expected
    assert timing.count == sum(expected)
    assert abs(timing.seconds - sum(BOUNDS) - BOUNDS[3] - 5.0) < 1e-6


def test_metrics_are_what_prometheus_reads() -> None:
    client, tally = Client(engine_of()), Tally()
    worlds = Worlds(client.engine)
    worlds.open("other")
    client.create_list("One more")
    for entry in client.engine.world.journal:
        tally.count(entry, 0.002)
    families = {each.name: each for each in text_string_to_metric_families(metrics(worlds, tally).decode())}
    (created,) = [each for each in families["mockserver_calls"].samples if "Create" in each.labels["operation"]]
    assert (created.labels["version"], created.labels["status"], created.value) == ("2026-07", "200", 1)
    buckets = {
        each.labels["le"]: each.value
        for each in families["mockserver_call_seconds"].samples
        if each.name.endswith("_bucket") and "Create" in each.labels["operation"]
    }
    assert (buckets["0.001"], buckets["0.0025"], buckets["+Inf"]) == (0, 1, 1)
    assert families["mockserver_worlds"].samples[0].value == 2
    entities = {each.labels["kind"]: each.value for each in families["mockserver_entities"].samples}
    assert entities["segment"] == len(client.engine.world.parts["criteo"].entities()["segment"])
    assert families["process_resident_memory_bytes"].samples[0].value > 0


def test_they_are_there_under_the_control_plane(server: Server, web: httpx.Client) -> None:
    web.post("/oauth2/token", data=CREDENTIALS)
    answer = web.get("/_mock/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert "mockserver_worlds 1.0" in answer.text
