"""What we tell people to do is what makes real clients trust us: each runs under the line that is printed for it."""

import os
import re
import shutil
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import uvicorn
from conftest import engine_of
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from mockserver.clock import Clock
from mockserver.hosts import HOSTS
from mockserver.http import Door
from mockserver.server import configured, listening
from mockserver.serving.authority import Authority
from mockserver.serving.certificates import Certified, certify
from mockserver.serving.trusting import told
from mockserver.worlds import Worlds

CLEAN = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
"""The environment without what this machine may have its clients trust."""
HEALTH = '"status"'

HTTPX = "import httpx, sys; print(httpx.get(sys.argv[1]).text)"
REQUESTS = "import requests, sys; print(requests.get(sys.argv[1]).text)"
URLLIB3 = "import urllib3, sys; print(urllib3.PoolManager().request('GET', sys.argv[1]).data.decode())"
STRICT = """\
import ssl, sys, urllib.request
context = ssl.create_default_context()
context.verify_flags |= ssl.VERIFY_X509_STRICT
print(urllib.request.urlopen(sys.argv[1], context=context).read().decode())
"""
FETCH = "fetch(process.argv[1]).then((answer) => answer.text()).then(console.log)"
JAVA = """\
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;

class Ask {
    public static void main(String[] urls) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(urls[0])).build();
        System.out.println(HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body());
    }
}
"""
PHP_CURL = "$curl = curl_init($argv[1]); curl_setopt($curl, CURLOPT_RETURNTRANSFER, true); echo curl_exec($curl) ?: exit(1);"
PHP_STREAM = "echo file_get_contents($argv[1]) ?: exit(1);"


@dataclass
class Place:
    """A server of ours that speaks TLS: where it is, what clients are told of it, and its authority."""

    url: str
    told: str
    authority: Authority

    def line(self, client: str) -> str:
        """What a client is told to do."""
        (line,) = re.findall(rf"^  {client} +(.+)$", self.told, re.MULTILINE)
        return line


@contextmanager
def served(context: ssl.SSLContext) -> Iterator[str]:
    """The URL of a server of this process that speaks TLS."""
    config = configured(Door(Worlds(engine_of())))
    config.ssl_context_factory = lambda _config, _default: context
    sock = listening("127.0.0.1", 0)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([sock],))
    thread.start()
    try:
        yield f"https://localhost:{sock.getsockname()[1]}"
    finally:
        server.should_exit = server.force_exit = True
        thread.join()


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("it's ours") / "tls"  # a path that has to be quoted
    authority = Authority.kept_in(folder, [], Clock().now())
    with served(authority.context([], Clock().now())) as url:
        yield Place(url, told(authority, url), authority)


def presented(server: Certified, authority: Authority, folder: Path) -> ssl.SSLContext:
    """What serves TLS with a certificate that the authority signed without looking whether it may."""
    key = server.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    chain = [each.public_bytes(Encoding.PEM) for each in (server.certificate, authority.signing.certificate)]
    (folder / "server.pem").write_bytes(b"".join([key, *chain]))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem")
    return context


def run(script, folder, *arguments):
    """What a shell script prints, and whether it succeeds."""
    command = ["bash", "-ec", script, "bash", *arguments]
    done = subprocess.run(command, cwd=folder, env=CLEAN, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode == 0, done.stdout + done.stderr


def need(program):
    if not shutil.which(program):
        pytest.skip(f"there is no {program} here")


@pytest.mark.parametrize("program", [HTTPX, REQUESTS, URLLIB3, STRICT], ids=["httpx", "requests", "urllib3", "strict"])
def test_python_trusts_it_as_told_and_not_otherwise(place, tmp_path, program):
    call = [sys.executable, program, f"{place.url}/_mock/health"]
    good, said = run(f'{place.line("Python")}\n"$1" -c "$2" "$3"', tmp_path, *call)
    assert good, said
    assert HEALTH in said
    good, said = run('"$1" -c "$2" "$3"', tmp_path, *call)
    assert not good
    assert "CERTIFICATE_VERIFY_FAILED" in said


def test_node_trusts_it_as_told_and_not_otherwise(place, tmp_path):
    need("node")
    good, said = run(f'{place.line("Node")}\nnode -e "$1" "$2"', tmp_path, FETCH, f"{place.url}/_mock/health")
    assert good, said
    assert HEALTH in said
    assert not run('node -e "$1" "$2"', tmp_path, FETCH, f"{place.url}/_mock/health")[0]


def test_java_trusts_it_as_told_and_not_otherwise(place, tmp_path):
    need("java")
    (tmp_path / "Ask.java").write_text(JAVA)
    good, said = run(f'{place.line("Java")} Ask.java "$1"', tmp_path, f"{place.url}/_mock/health")
    assert good, said
    assert HEALTH in said
    good, said = run('java Ask.java "$1"', tmp_path, f"{place.url}/_mock/health")
    assert not good
    assert "SSLHandshakeException" in said


def test_java_does_not_take_the_authoritys_word_for_others(place, tmp_path):
    """As it would, were the constraints only in what it is told to trust."""
    need("java")
    (tmp_path / "Ask.java").write_text(JAVA)
    names = ["localhost", "www.example.com"]
    with served(presented(certify(place.authority.signing, names, Clock().now()), place.authority, tmp_path)) as url:
        good, said = run(f'{place.line("Java")} Ask.java "$1"', tmp_path, f"{url}/_mock/health")
    assert not good
    assert "name constraints check failed" in said


def test_java_trusts_a_store_that_keytool_was_told_to_make(place, tmp_path):
    need("keytool")
    (tmp_path / "Ask.java").write_text(JAVA)
    store = place.line("Java").replace(place.line("Java").split("trustStore=")[1].split(" -D")[0], "my-truststore.p12")
    good, said = run(f'{place.line("keytool")}\n{store} Ask.java "$1"', tmp_path, f"{place.url}/_mock/health")
    assert good, said
    assert HEALTH in said


@pytest.mark.parametrize("program", [PHP_CURL, PHP_STREAM], ids=["curl", "stream"])
def test_php_trusts_it_as_told_and_not_otherwise(place, tmp_path, program):
    need("php")
    if program is PHP_CURL and "curl" not in subprocess.run(["php", "-m"], capture_output=True, text=True, check=True).stdout:
        pytest.skip("PHP has no curl here")
    good, said = run(f'{place.line("PHP")} -r "$1" "$2"', tmp_path, program, f"{place.url}/_mock/health")
    assert good, said
    assert HEALTH in said
    assert not run('php -r "$1" "$2"', tmp_path, program, f"{place.url}/_mock/health")[0]


def test_curl_reaches_us_by_the_vendors_name_as_told(place, tmp_path):
    need("curl")
    line = place.line("curl")
    good, said = run(f"{line}_mock/health", tmp_path)
    assert good, said
    assert HEALTH in said
    assert run(f"{line.replace(f'https://{HOSTS[0]}', f'https://{HOSTS[1]}')}_mock/health", tmp_path)[0]
    untrusted = re.sub(r"--cacert .* (?=--connect-to api)", "", line)
    good, said = run(f"{untrusted}_mock/health", tmp_path)
    assert not good
    assert "certificate problem" in said


def test_a_fault_cuts_a_connection_that_is_encrypted(place):
    trusting = ssl.create_default_context(cafile=str(place.authority.certificate))
    with httpx.Client(base_url=place.url, verify=trusting) as client:
        assert client.post("/_mock/faults", json={"effect": "cut", "where": "in"}).status_code == 200
        with pytest.raises(httpx.RemoteProtocolError):
            client.post("/oauth2/token")
        client.delete("/_mock/faults")
        assert client.post("/oauth2/token").status_code == 400


def test_it_tells_what_the_authority_may_speak_for_and_what_a_hosts_file_needs(place):
    assert f"for {', '.join(place.authority.names)} and no other name" in place.told
    assert place.line("hosts") == "127.0.0.1 api.criteo.com private.shopliveapi.com"


def test_it_tells_that_an_authority_is_new(tmp_path):
    new, kept = (told(Authority.kept_in(tmp_path, [], Clock().now()), "https://127.0.0.1:8000") for _ in range(2))
    assert new.splitlines()[0] == f"TLS by a new authority in {tmp_path}"
    assert kept.splitlines()[0] == f"TLS by the authority in {tmp_path}"


@pytest.mark.parametrize(
    ("url", "way"),
    [
        ("https://127.0.0.1:8443", "443:127.0.0.1:8443"),
        ("https://[::1]:8443", "443:[::1]:8443"),
        ("https://0.0.0.0:443", "443:localhost:443"),
        ("https://[::]", "443:localhost:443"),
    ],
)
def test_where_it_listens_is_where_the_names_are_led(place, url, way):
    assert f"--connect-to api.criteo.com:{way} " in told(place.authority, url)
