"""A published document is read from a file, a folder or the web, and told by name if it is none."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml
from drift.documents import document, operation, written

from mockserver.drift import official
from mockserver.drift.official import read, read_all
from mockserver.mistake import Mistake

VERSIONS = ["2026-01", "preview"]
ONE = document("preview", things=operation())


@pytest.mark.parametrize(
    ("version", "path", "found"),
    [
        ("Preview", "/preview/shop", "preview"),
        ("2026-01", "/2026-01/shop", "2026-01"),
        ("1.0", "/2026-01/shop", "2026-01"),
    ],
)
def test_a_document_is_for_the_version_it_names_or_whose_paths_it_has(
    tmp_path: Path, version: str, path: str, found: str
) -> None:
    said = {"openapi": "3.0.3", "info": {"title": "A", "version": version}, "paths": {path: {"get": operation()}}}
    assert read(written(tmp_path / "a.json", said), VERSIONS).version == found


def test_a_document_is_called_what_it_calls_itself(tmp_path: Path) -> None:
    said = {**ONE, "info": {"title": "A", "description": "Things\n of a  shop", "version": "preview"}}
    assert read(written(tmp_path / "a.json", said), VERSIONS).name == "Things of a shop"


def test_a_document_may_be_yaml(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(yaml.safe_dump(ONE))
    assert list(read(str(tmp_path / "a.yaml"), VERSIONS).endpoints) == [("post", "/{version}/shop/things")]


def test_a_folder_is_all_its_documents(tmp_path: Path) -> None:
    written(tmp_path / "b.json", document("2026-01", things=operation()))
    written(tmp_path / "a.json", ONE)
    (tmp_path / "notes.txt").write_text("not one")
    assert [each.version for each in read_all([str(tmp_path)], VERSIONS)] == ["preview", "2026-01"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("{", "neither JSON nor YAML"),
        ("[]", "is no OpenAPI document"),
        ("{}", "is no OpenAPI document"),
        (json.dumps({"openapi": "3.0.3"}), "is no OpenAPI document"),
        (json.dumps({"openapi": "3.0.3", "paths": []}), "is no OpenAPI document"),
        (json.dumps({**ONE, "info": None, "paths": {}}), "unknown version ''"),
        (json.dumps({**ONE, "info": {"version": "2026-02"}, "paths": {}}), "did you mean '2026-01'"),
        (json.dumps({**ONE, "paths": {"/preview/a": {"post": {}}}}), "POST /preview/a is not as OpenAPI has it"),
    ],
)
def test_what_is_no_document_is_told_by_its_file(tmp_path: Path, content: str, told: str) -> None:
    file = tmp_path / "a.json"
    file.write_text(content)
    with pytest.raises(Mistake) as caught:
        read(str(file), VERSIONS)
    assert str(file) in str(caught.value)
    assert told in str(caught.value)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(Mistake, match=r"cannot read .*No such file"):
        read(str(tmp_path / "a.json"), VERSIONS)


def test_a_folder_without_documents_is_told(tmp_path: Path) -> None:
    with pytest.raises(Mistake, match="holds no file"):
        read_all([str(tmp_path)], VERSIONS)


def test_a_document_that_is_too_large_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(official, "LARGEST", 10)
    with pytest.raises(Mistake, match="more than 10 bytes"):
        read(written(tmp_path / "a.json", ONE), VERSIONS)


class Vendor(BaseHTTPRequestHandler):
    """Publishes one document."""

    def do_GET(self) -> None:
        found = self.path == "/a.json"
        self.send_response(200 if found else 404)
        self.end_headers()
        self.wfile.write(json.dumps(ONE).encode() if found else b"")

    def log_message(self, *said: Any) -> None:
        pass


@pytest.fixture(scope="module")
def vendor() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Vendor) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def test_a_document_may_be_on_the_web(vendor: str) -> None:
    assert read(f"{vendor}/a.json", VERSIONS).version == "preview"


def test_a_document_that_cannot_be_fetched_is_told(vendor: str) -> None:
    with pytest.raises(Mistake, match=r"cannot fetch http://.*/b.json: "):
        read(f"{vendor}/b.json", VERSIONS)


def test_a_document_on_the_web_may_be_too_large(vendor: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(official, "LARGEST", 10)
    with pytest.raises(Mistake, match="more than 10 bytes"):
        read(f"{vendor}/a.json", VERSIONS)


def test_an_address_of_another_kind_is_a_file_that_is_not_there() -> None:
    with pytest.raises(Mistake, match="cannot read"):
        read("ftp://127.0.0.1/a.json", VERSIONS)
