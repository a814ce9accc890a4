"""A server with its pages, and what a page is made of: for the tests that look at them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import httpx
from conftest import Client, engine_of
from over_http import CREDENTIALS

from mockserver.control import control_app
from mockserver.http import Door
from mockserver.message import compose
from mockserver.server import in_background
from mockserver.serving.admission import Admission
from mockserver.serving.tally import Tally
from mockserver.worlds import Worlds

HTML = {"accept": "text/html"}


@dataclass
class Site:
    """A running server; `web` asks as a browser does, `client` has a token and calls in process, which no tally counts."""

    url: str
    worlds: Worlds
    web: httpx.Client

    @property
    def client(self) -> Client:
        asked = compose("POST", "/oauth2/token", form=CREDENTIALS)
        return Client(self.worlds.default, token=self.worlds.default.handle_aside(asked).json()["access_token"])

    def text(self, path: str, status: int = 200) -> str:
        answer = self.web.get(path)
        assert answer.status_code == status, answer.text
        return answer.text

    def post(self, path: str, **form: str) -> httpx.Response:
        return self.web.post(path, data=form, headers={"origin": self.url})


@contextmanager
def opened(**settings: Any) -> Iterator[Site]:
    """A server of its own; `settings` are the world's."""
    worlds, tally = Worlds(engine_of(**settings)), Tally()
    door = Door(worlds, control=Admission(control_app(worlds, tally)), hear=tally.count)
    with in_background(door) as url, httpx.Client(base_url=url, headers=HTML, timeout=30) as web:
        yield Site(url, worlds, web)


@dataclass(repr=False)
class Element:
    name: str
    attributes: dict[str, str]
    parents: tuple["Element", ...]
    text: str = ""
    inside: list["Element"] = field(default_factory=list)


_VOID = frozenset("meta link input br".split())


class Outline(HTMLParser):
    """Every element of a page, with its attributes, its text and what it stands in."""

    def __init__(self, page: str):
        super().__init__()
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self.feed(page)

    def handle_starttag(self, name: str, attributes: list[tuple[str, str | None]]) -> None:
        element = Element(name, {key: value or "" for key, value in attributes}, tuple(self._open))
        self.elements.append(element)
        for parent in self._open:
            parent.inside.append(element)
        if name not in _VOID:
            self._open.append(element)

    def handle_endtag(self, name: str) -> None:
        while self._open and self._open.pop().name != name:
            pass

    def handle_data(self, text: str) -> None:
        for element in self._open:
            element.text += text

    def all(self, *names: str) -> list[Element]:
        return [each for each in self.elements if each.name in names]
