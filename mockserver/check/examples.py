"""What the documents show, asked and compared: an exchange is a check, with the document as its evidence."""

import re
from collections.abc import Mapping
from functools import partial
from typing import Any

from mockserver.check.customer_token import customer_token
from mockserver.check.documented import UNSAID, Documented, Step, documented
from mockserver.check.expectation import ABSENT
from mockserver.check.law import Check, once
from mockserver.check.session import Answer, Session
from mockserver.check.setting import Credentials
from mockserver.message import Request, compose
from mockserver.mistake import unknown

_PLACEHOLDER = re.compile(r"\{([a-z0-9][^{}]*)\}")
_YEARS = 3 * 365 * 24 * 3600


class Telling:
    """One exchange as it is told to a session: what earlier answers said, and the names that were given."""

    def __init__(self, session: Session, version: str):
        self.session = session
        self.version = version
        self.answers: list[Answer] = []
        self.names: dict[str, str] = {}

    def told(self, said: Any) -> Any:
        """What was said, with the placeholders filled; one that stands alone keeps the type of what it stands for."""
        if isinstance(said, dict):
            return {name: self.told(value) for name, value in said.items()}
        if isinstance(said, list):
            return [self.told(each) for each in said]
        if not isinstance(said, str):
            return said
        alone = _PLACEHOLDER.fullmatch(said)
        if alone:
            return self._filled(alone[1])
        return _PLACEHOLDER.sub(lambda found: str(self._filled(found[1])), said)

    def _filled(self, placeholder: str) -> Any:
        """`account`, `retailer`, `retailer 2`, `name 1`, `instance`; or `0 body/data/0/id`, of the first answer."""
        word, _, rest = placeholder.partition(" ")
        if word.isdigit():
            found = self.answers[int(word)].at(rest)
            if found is ABSENT:
                self.answers[int(word)].holds(rest, relation="is there")
            return found
        if word == "name":
            return self.names.setdefault(rest, self.session.name(rest))
        known = self._known()
        if placeholder not in known:
            raise unknown("placeholder", placeholder, known)
        return known[placeholder]

    def _known(self) -> Mapping[str, Any]:
        """What a setting and the latest request say."""
        setting = self.session.setting
        main, customer = setting.main, setting.customer
        numbered = {f"retailer {number}": id for number, id in enumerate(setting.retailers, 1)}
        numbered |= {f"advertiser {number}": id for number, id in enumerate(setting.advertisers, 1)}
        latest = {"instance": self.session.exchanges[-1].request.path} if self.session.exchanges else {}
        return {
            **numbered,
            **latest,
            "account": setting.account,
            "retailer": next(iter(setting.retailers), None),
            "advertiser": next(iter(setting.advertisers), None),
            "stranger account": setting.stranger_account,
            "stranger retailer": setting.stranger_retailer,
            "read-only list": setting.read_only_list,
            "client id": main.client_id if main else None,
            "client secret": main.client_secret if main else None,
            "access key": customer.access_key if customer else None,
            "version": self.version,
        }


def _tell(exchange: Documented, session: Session) -> None:
    """Ask step by step, in each version that the exchange is of, and compare. Raises `Broken`."""
    for version in exchange.versions or (session.setting.version,):
        telling = Telling(session, version)
        for step in exchange.steps:
            _compare(step, _asked(step, telling), telling)


def _asked(step: Step, telling: Telling) -> Answer:
    session = telling.session
    request = _request(step, telling)
    if step.operation:
        answer = session.send(request, session.judge.operation(step.operation, step.version or telling.version))
    else:
        answer = session.stray(request)
    telling.answers.append(answer)
    return answer


def _request(step: Step, telling: Telling) -> Request:
    session = telling.session
    method, url = step.method, telling.told(step.url)
    if step.operation:
        operation = session.judge.operation(step.operation, step.version or telling.version)
        path = {"account-id": "{account}", "accessKey": "{access key}", **step.path}
        method, url = operation.method, operation.path
        for name in [name for name in path if f"{{{name}}}" in url]:
            url = url.replace(f"{{{name}}}", str(telling.told(path[name])))
    query = "&".join(f"{name}={telling.told(value)}" for name, value in step.query.items())
    headers = _headers(step, telling)
    body = telling.told(step.body)
    if step.body is UNSAID or isinstance(body, str):
        made = compose(method, url, headers=headers)
        return Request(method, made.path, query, made.headers, body.encode() if isinstance(body, str) else b"")
    form = step.operation == "requestToken" and step.media is None
    made = compose(method, url, form=body, headers=headers) if form else compose(method, url, json=body, headers=headers)
    return Request(method, made.path, query, made.headers, made.body)


def _headers(step: Step, telling: Telling) -> dict[str, str]:
    media = {"content-type": step.media} if step.media else {}
    if step.authorization is not None:
        return media | {"authorization": telling.told(step.authorization)}
    if step.who == "nobody" or step.operation == "requestToken":
        return media
    return media | {"authorization": f"Bearer {_token(step.who, telling.session)}"}


def _token(who: str, session: Session) -> str:
    setting = session.setting
    if who == "customer":
        assert setting.customer is not None, "an exchange of Shoplive's says that it needs a customer"
        return customer_token(setting.customer, session.wire.now() + _YEARS)
    callers: Mapping[str, Credentials | None] = {
        "main": setting.main,
        "reader": setting.reader,
        "relative": setting.relative,
        "stranger": setting.stranger,
    }
    return session.token(callers[who])


def _compare(step: Step, answer: Answer, telling: Telling) -> None:
    chosen = [alternatives.get(telling.session.readings[name], ()) for name, alternatives in step.under.items()]
    for expected in (*step.expected, *(each for listed in chosen for each in listed)):
        wanted = expected.value if expected.relation == "matches" else telling.told(expected.value)
        answer.holds(expected.pointer, wanted, expected.relation)


def _check(exchange: Documented) -> Check:
    return Check(
        f"examples/{exchange.name}",
        "examples",
        exchange.statement,
        exchange.evidence,
        once(partial(_tell, exchange)),
        exchange.operations,
        exchange.needs,
    )


CHECKS: tuple[Check, ...] = tuple(_check(each) for each in documented())
