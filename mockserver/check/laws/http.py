"""HTTP itself: paths that lead nowhere, wrong methods, and what nobody knows in a request."""

from mockserver.check.law import Check
from mockserver.check.laws.aiming import bearer, enveloped, place, request, searching, sent
from mockserver.check.laws.stating import claim
from mockserver.check.session import Session
from mockserver.evidence import assumed, guide, third_party
from mockserver.providers.criteo.sources import REALTIME_GUIDE, RUDDERSTACK

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def _nowhere(session: Session) -> None:
    path = place(session, searching(session))
    version = f"/{session.setting.version}"
    for lost in (
        *("/", version, f"{version}/", f"{version}/retail-media", f"{path}/", f"{path}x", path.upper(), f"{path}/x"),
        *(path.replace("/accounts/", "/accounts//"), path.replace("retail-media", "Retail-Media"), path[:-1]),
        *("/oauth2", "/oauth2/tokens", "/oauth2/token/", "/favicon.ico", f"{version}/reports/realtime"),
    ):
        for method in ("POST", "GET"):
            answer = session.stray(request(method, lost, b"{}" if method == "POST" else b""))
            enveloped(answer.holds("status", 404), lost, "validation", "not-found")
            answer.holds("headers/content-type", "application/json.*", "matches")


def _nowhere_at_shoplives(session: Session) -> None:
    assert session.setting.customer is not None, "it is needed"
    key = session.setting.customer.access_key
    for lost in (f"/v2/{key}/campaign/statistics", f"/v2/{key}/campaign/stats/", f"/v2/{key}", f"/v2/{key}/campaign"):
        answer = session.stray(request("GET", lost)).holds("status", 404)
        answer.holds("body/_s", -510).holds("body/_e", ".+", "matches")


def _wrong_methods(session: Session) -> None:
    paths: dict[str, set[str]] = {}
    for operation in session.judge.operations:
        if operation.scopes != ("campaign",):
            paths.setdefault(place(session, operation), set()).add(operation.method)
    for path, methods in paths.items():
        for method in sorted(set(_METHODS) - methods):
            answer = session.stray(request(method, path, b"" if method == "GET" else b"{}"))
            if answer.status == 410 and session.readings["retired-version"] == "gone":
                break
            answer.holds("status", 405).holds("headers/allow", ", ".join(sorted(methods)))
            enveloped(answer, path, "validation", "method-not-allowed")


def _wrong_methods_at_shoplives(session: Session) -> None:
    operation = session.judge.operation("retrieveCampaignStats", session.setting.version)
    for method in sorted(set(_METHODS) - {"GET"}):
        answer = session.stray(request(method, place(session, operation), b"{}")).holds("status", 405)
        answer.holds("headers/allow", "GET").holds("body/_s", -510).holds("body/_e", ".+", "matches")


def _unknown_members(session: Session) -> None:
    plain = sent(session, searching(session), b'{"data":{"attributes":{}}}').says(200)
    more = b'{"meta":{},"data":{"type":"x","links":[],"id":"5","attributes":{"extra":null,"Name":1}},"$ref":"#"}'
    sent(session, searching(session), more).says(200).holds("body/meta", plain.at("body/meta"))
    answer = session.search(query={"limit": 1, "unknown": "x", "Limit": "2"}).says(200)
    answer.holds("body/meta/limit", 1)


def _unknown_members_of_a_segment(session: Session) -> None:
    said = {**session.contact_list(), "extra": None, "gumCallerId": 5}
    body = {"data": [{"attributes": said, "links": [], "extra": 1}], "meta": {}}
    answer = session.ask("bulkCreateAudienceSegments", body).says(200).refuses()
    answer.holds("body/data/*/attributes/name", [said["name"]]).holds("body/data/0/attributes/extra", relation="is absent")


def _ids_as_numbers(session: Session) -> None:
    for retailer in session.setting.retailers:
        said: list[str | int] = [retailer, int(retailer)]
        text, number = (session.search(query={"limit": 5}, filters={"retailerIds": [each]}).says(200) for each in said)
        number.holds("body/data/*/id", text.at("body/data/*/id")).holds("body/meta", text.at("body/meta"))


def _ids_of_segments_as_numbers(session: Session) -> None:
    attributes = session.contact_list()
    (id,) = session.made({**attributes, "retailerId": int(attributes["retailerId"])})
    session.search(filters={"audienceSegmentIds": [int(id)]}).says(200).holds("body/data/*/id", [id])
    name = session.name()
    session.update({"id": int(id), "attributes": {"name": name}}).says(200).refuses().holds("body/data/*/id", [id])
    session.search(filters={"audienceSegmentIds": [id]}).holds("body/data/*/attributes/name", [name])
    session.delete(int(id)).says(200).refuses().holds("body/data/*/id", [id])
    session.search(filters={"audienceSegmentIds": [id]}).says(200).holds("body/data", [])


def _repeated_parameter(session: Session) -> None:
    operation = searching(session)
    for query in ("limit=1&limit=1", "offset=0&limit=1&limit=2"):
        said = request(operation.method, place(session, operation), b"{}", query=query, authorization=bearer(session))
        session.send(said, operation).says(400, "invalid").holds("body/errors/0/source", {"limit": "limit"})


_TRACED = third_party("api-evangelist/criteo saw a 404 with both trace fields", unproven="type and code")
_LENIENT = third_party(f"a member nobody knows is sent in production: {RUDDERSTACK}")
_RFC = assumed("as RFC 9110 has it")
_ID = ("searchAudienceSegments",)
_CHANGES = ("bulkCreateAudienceSegments", "bulkUpdateAudienceSegments", "bulkDeleteAudienceSegments")
_READS = frozenset({"main", "account"})
_WRITES = _READS | {"writes", "retailers"}


CHECKS: tuple[Check, ...] = (
    claim(
        "http-nowhere",
        "A path that leads nowhere is not found, in the envelope of all refusals.",
        _TRACED,
        _nowhere,
        _ID,
        {"account"},
    ),
    claim(
        "http-nowhere-at-shoplives",
        "A path of Shoplive's that leads nowhere is not found.",
        assumed("nobody published it"),
        _nowhere_at_shoplives,
        (),
        {"customer"},
    ),
    claim(
        "http-wrong-methods", "A method that a path does not have is told which it has.", _RFC, _wrong_methods, (), {"account"}
    ),
    claim(
        "http-wrong-methods-at-shoplives",
        "Statistics are only read.",
        _RFC,
        _wrong_methods_at_shoplives,
        ("retrieveCampaignStats",),
        {"customer"},
    ),
    claim(
        "http-unknown-members", "Members and parameters that nobody knows are ignored.", _LENIENT, _unknown_members, _ID, _READS
    ),
    claim(
        "http-unknown-members-of-a-segment",
        "Members of a segment that nobody knows are ignored.",
        _LENIENT,
        _unknown_members_of_a_segment,
        _CHANGES[:1],
        _WRITES,
    ),
    claim(
        "http-ids-as-numbers",
        "A retailer's id may be a number.",
        guide(REALTIME_GUIDE),
        _ids_as_numbers,
        _ID,
        _READS | {"retailers"},
    ),
    claim(
        "http-ids-of-segments-as-numbers",
        "Ids of segments and retailers may be numbers wherever they are said.",
        guide(REALTIME_GUIDE),
        _ids_of_segments_as_numbers,
        (*_CHANGES, *_ID),
        _WRITES,
    ),
    claim(
        "http-repeated-parameter",
        "No parameter is given twice.",
        assumed("nobody published it"),
        _repeated_parameter,
        _ID,
        _READS,
    ),
)
