"""A run kept on tape: every exchange of every check, without secrets, with names for what is another thing in every run."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mockserver.check.judging import Judge
from mockserver.check.law import Check
from mockserver.check.players import applications
from mockserver.check.readings.learning import host_of
from mockserver.check.session import Session
from mockserver.check.setting import Setting
from mockserver.check.tapes.naming import Naming, fetched
from mockserver.check.tapes.tape import Manifest, Recorded, new_folder, write_manifest, write_recorded
from mockserver.check.tapes.tape import Session as Taped
from mockserver.check.venue import Venue
from mockserver.check.wire import Wire
from mockserver.clock import written
from mockserver.message import Request, Response


@dataclass(frozen=True, slots=True)
class Consent:
    """A user's consent, before the exchange at `place`, and the code that came of it."""

    place: int
    at: float
    client_id: str
    redirect_uri: str
    code: str


class RecordedWire:
    """A wire that remembers the consents that were given on it, which are no exchanges."""

    def __init__(self, wire: Wire):
        self._wire = wire
        self.abilities = wire.abilities
        self.sent = 0
        self.consents: list[Consent] = []

    @property
    def patient(self) -> bool:
        """The wire's."""
        return self._wire.patient

    @patient.setter
    def patient(self, patient: bool) -> None:
        self._wire.patient = patient

    def send(self, request: Request) -> Response:
        """The answer to a request."""
        response = self._wire.send(request)
        self.sent += 1
        return response

    def now(self) -> float:
        """What the target's clock shows."""
        return self._wire.now()

    def advance(self, seconds: float) -> None:
        """Move the target's clock."""
        self._wire.advance(seconds)

    def consent(self, client_id: str, redirect_uri: str) -> str:
        """The authorization code that an application gets once a user agreed."""
        code: str = self._wire.consent(client_id, redirect_uri)  # type: ignore[attr-defined]  # where it is an ability
        self.consents.append(Consent(self.sent, self.now(), client_id, redirect_uri, code))
        return code

    def close(self) -> None:
        """Give back what it took."""
        self._wire.close()

    def __getattr__(self, name: str) -> Any:
        """Whatever else the wire has."""
        return getattr(self._wire, name)


@dataclass(slots=True)
class RecordingVenue:
    """A venue whose sessions are remembered until they are kept."""

    venue: Venue
    opened: list[tuple[Session, RecordedWire]] = field(default_factory=list)

    @property
    def setting(self) -> Setting:
        """The venue's."""
        return self.venue.setting

    @setting.setter
    def setting(self, setting: Setting) -> None:
        self.venue.setting = setting

    @property
    def judge(self) -> Judge:
        """The venue's."""
        return self.venue.judge

    @judge.setter
    def judge(self, judge: Judge) -> None:
        self.venue.judge = judge

    @property
    def abilities(self) -> frozenset[str]:
        """The venue's."""
        return self.venue.abilities

    def open(self) -> Session:
        """A session of the venue's."""
        session = self.venue.open()
        wire = RecordedWire(session.wire)
        session.wire = wire
        self.opened.append((session, wire))
        return session

    def __getattr__(self, name: str) -> Any:
        """Whatever else the venue has."""
        return getattr(self.venue, name)


class Recording:
    """A folder that a run is kept in, check by check; `venue` is where the run has to go."""

    def __init__(self, folder: Path, venue: Venue, target: str, now: float):
        """`now` is in seconds since 1970, `target` a URL or what a fresh fake says of itself. Raises `Mistake`."""
        new_folder(folder)
        self.venue = RecordingVenue(venue)
        self._folder = folder
        self._moment, self._target = written(now), host_of(target)
        self._files: dict[str, str] = {}
        self._versions: set[str] = set()
        self._tokens: dict[str, str] = {}

    def keep(self, check: Check) -> None:
        """Write down what was said since the last time, as said by a check. Raises `Mistake`."""
        opened, self.venue.opened = self.venue.opened, []
        self._tokens |= {token: role for session, _ in opened for token, role in _fetched(session)}
        sessions = [_taped(session, wire, self._tokens) for session, wire in opened if session.exchanges]
        if not sessions:
            return
        self._versions |= {each.version for session, _ in opened for each in session.exchanges if each.version}
        recorded = Recorded(check.name, sorted(check.needs), sessions)
        self._files[check.name] = write_recorded(self._folder, recorded)
        run = self.venue.setting.run
        write_manifest(self._folder, Manifest(self._moment, self._target, run, sorted(self._versions), dict(self._files)))


def _fetched(session: Session) -> Iterator[tuple[str, str]]:
    """The tokens that a session fetched for applications that are known, and their roles."""
    roles = {each.client_id: role for role, each in applications(session.setting)}
    for exchange in session.exchanges:
        for token, client_id in fetched(exchange):
            if client_id in roles:
                yield token, roles[client_id]


def _taped(session: Session, wire: RecordedWire, tokens: Mapping[str, str]) -> Taped:
    """A session with names in it."""
    consents = wire.consents
    first = session.exchanges[0]
    began = min([first.at - first.moved, *(each.at for each in consents)])
    naming = Naming(session, {each.code for each in consents}, tokens)
    told = naming.told()
    steps: list[dict[str, Any]] = []
    for place, (exchange, step) in enumerate(zip(session.exchanges, told, strict=True)):
        steps += (_consent_step(each, naming, began) for each in consents if each.place == place)
        steps.append({"after": exchange.at - began, "moved": exchange.moved, **step})
    return Taped(began, naming.moments, naming.tokens, steps)


def _consent_step(consent: Consent, naming: Naming, began: float) -> dict[str, Any]:
    said = {"client_id": consent.client_id, "redirect_uri": consent.redirect_uri, "code": consent.code}
    return {"after": consent.at - began, "consent": {name: naming.text(value) for name, value in said.items()}}


def kept(outcomes: Iterable[Any], recording: Recording) -> Iterable[Any]:
    """The outcomes of a run as they come, each check's exchanges written down before the next one begins."""
    for outcome in outcomes:
        recording.keep(outcome.check)
        yield outcome
