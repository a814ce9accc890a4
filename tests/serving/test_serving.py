"""The server as a process: what it says, who commands it, over TLS, on two ports; and the command that asks how it is."""

import json
import re
import signal
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner
from conftest import Server
from over_http import CREDENTIALS
from processes import serving

from mockserver.cli import COMMANDS, main


@contextmanager
def running(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server of its own process and its URL."""
    with serving(*arguments) as (process, first):
        yield process, first.rpartition(" ")[2].strip()


def ended(process: subprocess.Popen[str]) -> tuple[str, str]:
    """What it said after its first line, and on standard error, told to end."""
    process.send_signal(signal.SIGTERM)
    assert process.stdout is not None
    assert process.stderr is not None
    out, err = process.stdout.read(), process.stderr.read()  # what came with the first line is in the buffer of the file
    assert process.wait(30) == -signal.SIGTERM
    return out, err


def test_each_call_is_a_line_and_controls_are_none() -> None:
    with running() as (process, url):
        httpx.post(f"{url}/oauth2/token", data=CREDENTIALS)
        httpx.get(f"{url}/_mock/clock")
        httpx.post(f"{url}/worlds/default/oauth2/token", data=CREDENTIALS)
        out, err = ended(process)
    assert out == ""
    assert [line.split()[1:3] for line in err.splitlines()] == [["POST", "200"]] * 2


def test_lines_are_json_or_none_on_request() -> None:
    for form, count in (("json", 1), ("off", 0)):
        with running("--log", form) as (process, url):
            httpx.post(f"{url}/oauth2/token", data=CREDENTIALS)
            _, err = ended(process)
        assert [json.loads(line)["operation"] for line in err.splitlines()] == ["requestToken"] * count


def test_calls_are_counted_in_metrics() -> None:
    with running() as (_, url):
        for _ in range(3):
            httpx.post(f"{url}/oauth2/token", data=CREDENTIALS)
        told = httpx.get(f"{url}/_mock/metrics").text
    line = 'mockserver_calls_total{operation="requestToken",provider="criteo",status="200",version=""} 3.0'
    assert line in told


def test_a_token_and_a_name_are_asked_for() -> None:
    with running("--control-token", "s3cret", "--allow-host", "mock.example") as (_, url):
        assert httpx.get(f"{url}/_mock/clock").status_code == 401
        assert httpx.get(f"{url}/_mock/clock", auth=("me", "s3cret")).status_code == 200
        assert httpx.get(f"{url}/_mock/clock", headers={"authorization": "Bearer s3cret"}).status_code == 200
        assert httpx.get(f"{url}/_mock/health", headers={"host": "mock.example"}).status_code == 200
        refused = httpx.get(f"{url}/_mock/health", headers={"host": "evil.example"})
        assert refused.status_code == 403
        assert "--allow-host evil.example" in refused.json()["error"]
        assert httpx.get(f"{url}/worlds/default/_mock/clock").status_code == 401
        assert httpx.post(f"{url}/oauth2/token", data=CREDENTIALS, headers={"host": "evil.example"}).status_code == 200


def test_the_control_plane_can_be_switched_off_or_have_a_port_of_its_own() -> None:
    with running("--control", "off") as (_, url):
        assert httpx.get(f"{url}/_mock/clock").status_code == 404
        assert httpx.post(f"{url}/_mock/reset").status_code == 404
        assert httpx.get(f"{url}/_mock/health").json()["status"] == "ok"
    with running("--control", "0") as (process, url):
        assert process.stderr is not None
        other = re.findall(r"commanded at (\S+)/_mock/", process.stderr.readline())[0]
        assert other != url
        assert httpx.get(f"{url}/_mock/clock").status_code == 404
        assert httpx.get(f"{other}/_mock/clock").status_code == 200


@pytest.mark.parametrize("value", ["70000", "yes", "-1", "٣"])
def test_a_control_plane_that_is_nowhere_is_told(value: str) -> None:
    result = CliRunner().invoke(main, ["serve", "--port", "0", "--control", value])
    assert result.exit_code == 1
    assert "'on', 'off' or on a port of its own" in result.stderr


def test_https_is_spoken_with_an_authority_of_its_own(tmp_path: Path) -> None:
    with running("--tls", "--tls-folder", str(tmp_path / "tls"), "--tls-name", "fake.example") as (process, url):
        assert url.startswith("https://127.0.0.1:")
        trusting = ssl.create_default_context(cafile=tmp_path / "tls" / "ca.pem")
        for host in ("api.criteo.com", "fake.example", "localhost"):
            extensions = {"sni_hostname": host}
            with httpx.Client(verify=trusting) as client:
                request = client.build_request("GET", f"{url}/_mock/health", headers={"host": host}, extensions=extensions)
                assert client.send(request).status_code == 200
        out, _ = ended(process)
    assert "NODE_EXTRA_CA_CERTS" in out
    assert str(tmp_path / "tls" / "ca.pem") in out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--cert", "missing.pem"], "cannot read missing.pem"),
        (["--key", "x.pem"], "--key goes with --cert"),
        (["--tls", "--cert", "x.pem", "--key", "y.pem"], "give one of them"),
        (["--cert", "missing.pem", "--key", "missing.pem"], "cannot read missing.pem"),
    ],
)
def test_a_certificate_that_can_not_be_is_told(arguments: list[str], told: str) -> None:
    result = CliRunner().invoke(main, ["serve", "--port", "0", *arguments])
    assert result.exit_code == 1
    assert told in result.stderr


def test_how_a_server_is_can_be_asked(server: Server) -> None:
    result = CliRunner().invoke(main, ["health", "--url", server.url])
    assert result.exit_code == 0
    assert json.loads(result.stdout)["ready"] is True


def test_a_server_that_is_not_there_is_told_and_can_be_waited_for(server: Server) -> None:
    port = server.url.rpartition(":")[2]
    assert CliRunner().invoke(main, ["health"], env={"MOCKSERVER_PORT": port}).exit_code == 0
    result = CliRunner().invoke(main, ["health", "--url", "http://127.0.0.1:9", "--wait", "0.2"])
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: http://127.0.0.1:9 is not there: ")


def test_every_command_is_listed_as_it_describes_itself() -> None:
    result = CliRunner().invoke(main, ["--help"])
    for name, place in COMMANDS.items():
        assert name in result.stdout
        command = main.get_command(None, name)  # type: ignore[arg-type]  # it does not look at the context
        assert command is not None
        assert str(command.help).startswith(place.says)


def test_options_of_serve_without_serve_are_understood() -> None:
    result = CliRunner().invoke(main, ["--world", "empty"])
    assert result.exit_code == 2
    assert "Did you mean: mockserver serve --world empty?" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--control-token", ""], "a control token that is empty keeps nobody out"),
        (["--tls-name", "x"], "--tls-name goes with --tls"),
        (["--allow-host", "http://x/"], "not 'http://x/'"),
        (["--state-every", "nan", "--state", "s"], "nan is no number of seconds"),
        (["--patience", "nan"], "nan is no number of seconds"),
        (["--port", "8", "--control", "8"], "port 8 is that of the APIs"),
    ],
)
def test_a_setting_that_can_not_be_is_told(arguments: list[str], told: str) -> None:
    result = CliRunner().invoke(main, ["serve", "--port", "0", *arguments])
    assert result.exit_code in (1, 2)
    assert told in result.stderr


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGHUP, 0)])
def test_any_signal_to_end_saves_what_changed(tmp_path: Path, number: int, code: int) -> None:
    state = tmp_path / "state"
    with running("--state", str(state), "--state-every", "3600") as (process, url):
        httpx.post(f"{url}/_mock/worlds", json={"name": "mine"})
        process.send_signal(number)
        _, err = process.communicate(timeout=30)
    assert (process.returncode, "Traceback" in err, "Abort" in err) == (code, False, False)
    with running("--state", str(state)) as (_, url):
        assert [each["name"] for each in httpx.get(f"{url}/_mock/worlds").json()["worlds"]] == ["default", "mine"]


def test_a_last_save_that_fails_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    with running("--state", str(folder / "state"), "--state-every", "3600") as (process, url):
        httpx.post(f"{url}/_mock/worlds", json={"name": "mine"})
        folder.rename(tmp_path / "elsewhere")
        _, err = ended(process)
    assert "what changed since the last time is lost" in err
