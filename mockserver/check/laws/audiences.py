"""Laws of audiences: made of segments, changed, deleted and found."""

from typing import Any

from mockserver.check.law import once
from mockserver.check.laws.audience_life import AudienceLife
from mockserver.check.laws.entities import now_written
from mockserver.check.laws.segment_creation import foreign_retailer
from mockserver.check.laws.segment_model import LONGEST_DESCRIPTION, LONGEST_NAME
from mockserver.check.laws.stating import TIMES, law
from mockserver.check.session import Session
from mockserver.evidence import assumed, guide, inferred, openapi
from mockserver.providers.criteo.sources import AUDIENCE_GUIDE, OPENAPI, PREVIEW_GUIDE

CREATE, UPDATE, DELETE, SEARCH = "bulkCreateAudience", "bulkUpdateAudience", "bulkDeleteAudiences", "searchAudiences"


def _two(session: Session) -> tuple[AudienceLife, str, str]:
    life = AudienceLife.of(session)
    leaf, other = life.leaves(2)
    ids = life.create(life.said(leaf, description="one"), life.said({"or": [leaf, other]}, description="other"))
    life.times.wait(1)
    return life, ids[0], ids[1]


def _kept(session: Session) -> None:
    for version in ("preview", "experimental"):
        life = AudienceLife.of(session, version)
        (leaf,) = life.leaves(1)
        (last,) = life.leaves(1, session.setting.retailers[-1])
        last_retailer = session.setting.retailers[-1]
        life.create(
            life.said(leaf),
            life.said(leaf, name=""),
            life.said(last, retailerId=int(last_retailer), description="described"),
            life.said(leaf, name=life.segments.model.held[leaf["audienceSegmentId"]]["name"]),
        )
        for each in ("preview", "experimental", session.setting.version):
            life.find(version=each)


def _names(session: Session) -> None:
    life, one, other = _two(session)
    first, second = (life.model.held[id]["name"] for id in (one, other))
    algebra = life.model.held[one]["algebra"]
    twice = session.name()
    life.create(life.said(algebra, name=first), life.said(algebra, name=twice), life.said(algebra, name=twice))
    life.change(one, name=second)
    life.change(one, name=first)
    life.change(one, name=session.name())
    life.change(other, name=first)
    life.create(life.said(algebra, name=second))
    last = session.setting.retailers[-1]
    life.create(life.said(life.leaves(1, last)[0], name=second, retailerId=last))
    life.delete(other)
    life.create(life.said(algebra, name=first), life.said(algebra, name=first))
    life.find()


def _names_by_case(session: Session) -> None:
    life, one, other = _two(session)
    algebra, name = life.model.held[one]["algebra"], session.name("case")
    life.change(one, name=name)
    life.change(one, name=f"{name[:-4]}Case")
    life.change(other, name=f"{name[:-4]}CASE")
    life.create(life.said(algebra, name=f"{name[:-4]}cASE"))
    life.find()


def _lengths(session: Session) -> None:
    life, one, _ = _two(session)
    algebra = life.model.held[one]["algebra"]
    names = [session.name().ljust(length, sign) for length in (LONGEST_NAME, LONGEST_NAME + 1) for sign in "né"]
    texts = ["d" * length for length in (0, LONGEST_DESCRIPTION, LONGEST_DESCRIPTION + 1)]
    life.create(
        *[life.said(algebra, name=name) for name in (*names, "", "  ")],
        *[life.said(algebra, description=text) for text in texts],
        life.said(algebra, name="", description=texts[-1], retailerId=foreign_retailer(session)),
    )
    for text in texts:
        life.change(one, description={"value": text})
    for name in (*(session.name().ljust(len(name), "n") for name in names), "", " \t"):
        life.change(one, name=name)
    life.find()


def _retailers(session: Session) -> None:
    life = AudienceLife.of(session)
    (leaf,) = life.leaves(1)
    life.create(
        *[life.said(leaf, retailerId=each) for each in (foreign_retailer(session), "no-retailer", life.segments.retailer)]
    )
    life.find()


def _changes(session: Session) -> None:
    life, one, other = _two(session)
    absent = life.absent()
    life.change(one)
    life.update({"id": other, "attributes": None}, {"id": absent, "attributes": {"name": ""}}, {"id": int(one)})
    life.change(one, name=session.name(), description=None, algebra=None)
    for said in ({"value": "new"}, {}, {"value": "again"}, {"value": None}):
        life.change(one, description=said)
        life.find()
    life.change(one, algebra={"not": life.leaves(1)[0]})
    life.change(one, retailerId=session.setting.retailers[-1])
    life.find()


def _refused_changes(session: Session) -> None:
    life, one, other = _two(session)
    taken, (leaf,) = life.model.held[other]["name"], life.leaves(1)
    life.times.wait(60)
    life.change(one, name=taken, algebra=leaf, description={"value": "not to be kept"})
    life.change(one, name=session.name(), algebra={"and": []})
    life.change(one, algebra=leaf, description={"value": "d" * 501})
    life.find()
    life.find({"audienceSegmentIds": [leaf["audienceSegmentId"]]})


def _deletion(session: Session) -> None:
    life, one, other = _two(session)
    life.delete(one, one, "0")
    life.delete(one)
    life.change(one, name=session.name())
    life.find()
    life.segments.find()
    life.delete(int(other))
    life.find()


def _filters(session: Session) -> None:
    life = AudienceLife.of(session)
    first, second, third = life.leaves(3)
    last, retailer = life.leaves(1, session.setting.retailers[-1])[0], session.setting.retailers[-1]
    nested = {"and": [{"or": [{"not": first}, second]}, {"not": {"not": second}}]}
    shapes = (first, {"not": second}, {"or": [first, third]}, nested, second)
    ids = life.create(*[life.said(each) for each in shapes], life.said(last, retailerId=retailer))
    segments = [each["audienceSegmentId"] for each in (first, second, third, last)]
    for said in ([segments[0]], [segments[1]], segments[1:3], [*reversed(segments)], [int(segments[2])]):
        life.find({"audienceSegmentIds": said})
        life.find({"audienceSegmentIds": said, "audienceIds": ids[2:], "retailerIds": None})
        life.find({"audienceSegmentIds": said, "retailerIds": [retailer], "audienceIds": []})
    life.find({"audienceIds": [*reversed(ids), ids[0]], "audienceSegmentIds": []})
    life.find({"audienceIds": ids, "retailerIds": [life.segments.retailer]})
    life.find({"audienceIds": ids, "retailerIds": [foreign_retailer(session)]})
    life.find({"audienceSegmentIds": [life.segments.absent(), "no-id"]})


def _used_segments(session: Session) -> None:
    life, one, other = _two(session)
    old, new = life.model.held[one]["algebra"]["audienceSegmentId"], life.leaves(1)[0]
    life.change(one, algebra={"or": [new, {"not": new}]})
    for segment in (old, new["audienceSegmentId"]):
        life.find({"audienceSegmentIds": [segment]})
    life.delete(other)
    life.find({"audienceSegmentIds": [old]})


def _segments_in_use(session: Session) -> None:
    life, one, other = _two(session)
    first, second = (each["audienceSegmentId"] for each in life.model.held[other]["algebra"]["or"])
    free = life.leaves(1)[0]["audienceSegmentId"]
    life.lose(first, free, second)
    life.find()
    life.segments.find()
    if session.readings["delete-used-segment"] == "refused":
        life.delete(one)
        life.lose(first)
        life.change(other, algebra={"audienceSegmentId": first})
        life.lose(second)
        life.delete(other)
        life.lose(first)
    life.find()
    life.segments.find()


def _times(session: Session) -> None:
    life, one, _ = _two(session)
    said: tuple[dict[str, Any], ...] = (
        {"name": session.name()},
        {"description": {"value": None}},
        {},
        {"algebra": life.leaves(1)[0]},
    )
    for attributes in said:
        life.times.wait(61.5)
        before = now_written(session)
        answer = life.change(one, **attributes)
        if before == now_written(session):
            answer.holds("body/data/0/attributes/updatedAt", before)
        life.find()


CHECKS = (
    law(
        "audiences-kept",
        "An audience is kept as it was asked for, the sound ones in order, and every version finds it.",
        openapi(f"the schema; its text speaks of ids: {OPENAPI}"),
        once(_kept),
        CREATE,
        SEARCH,
    ),
    law(
        "audience-names-unique",
        "No two audiences of an account have one name; one that is given up or deleted is free.",
        guide(AUDIENCE_GUIDE),
        once(_names),
        CREATE,
        UPDATE,
        DELETE,
    ),
    law(
        "audience-names-compared",
        "Names that differ in case are one or two, by the reading in force.",
        assumed("reading segment-name-comparison"),
        once(_names_by_case),
        CREATE,
        UPDATE,
    ),
    law(
        "audience-lengths",
        "A name has 1 to 256 characters, a description at most 500, and every flaw is told.",
        guide(PREVIEW_GUIDE, unproven="the code"),
        once(_lengths),
        CREATE,
        UPDATE,
    ),
    law(
        "audience-retailers",
        "An audience is of one of the account's retailers.",
        assumed("named like segment-not-found"),
        once(_retailers),
        CREATE,
    ),
    law(
        "audience-changes",
        "A change leaves what it does not name as it is, and an unknown id is a problem of its item.",
        openapi(OPENAPI),
        once(_changes),
        UPDATE,
    ),
    law(
        "audience-refused-change",
        "A refused change changes nothing at all.",
        guide(AUDIENCE_GUIDE, unproven="its other half"),
        once(_refused_changes),
        UPDATE,
    ),
    law(
        "audience-deletion",
        "What is deleted is gone once, and its segments stay.",
        guide(AUDIENCE_GUIDE),
        once(_deletion),
        DELETE,
    ),
    law(
        "audience-filters",
        "A search finds what matches every filter and, of each filter, one value.",
        inferred("the guide speaks of searching by segment ids"),
        once(_filters),
        SEARCH,
    ),
    law(
        "audience-used-segments",
        "The segments that an audience uses are those of its algebra as it now is.",
        inferred("the guide speaks of searching by segment ids"),
        once(_used_segments),
        SEARCH,
        UPDATE,
    ),
    law(
        "audience-segments-in-use",
        "A segment in use can be deleted or not, by the reading; the audience stays.",
        assumed("reading delete-used-segment"),
        once(_segments_in_use),
        "bulkDeleteAudienceSegments",
    ),
    law(
        "audience-times",
        "A change moves updatedAt to its own moment, and createdAt not at all.",
        assumed("samples show both"),
        once(_times),
        UPDATE,
        needs=TIMES,
    ),
)
