"""On what a behaviour rests, and the rules that no answer would otherwise show."""

from dataclasses import dataclass

KINDS = {
    "wire": "recorded from the real API",
    "ci": "asserted by the vendor's own tests",
    "openapi": "declared in the vendor's OpenAPI document",
    "guide": "said or shown in the vendor's guides",
    "sdk": "measured on the vendor's own client",
    "third-party": "relied on by somebody's client of the real API",
    "inferred": "follows from something known",
    "assumed": "nobody has published it; we chose",
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """A kind of `KINDS`, and where it can be read (or, if assumed, why we chose as we did).

    `unproven` is what of the behaviour the source does not show, and we filled in.
    """

    kind: str
    source: str
    unproven: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS or not self.source.strip():
            raise ValueError(f"evidence needs one of {', '.join(KINDS)} and a source, not {self.kind!r}, {self.source!r}")

    def __str__(self) -> str:
        return f"{self.kind}: {self.source}" + (f"; unproven: {self.unproven}" if self.unproven else "")


@dataclass(frozen=True, slots=True)
class Rule:
    """A behaviour that no problem announces, stated in a sentence."""

    name: str
    statement: str
    evidence: Evidence


def wire(source: str, unproven: str = "") -> Evidence:
    """Recorded from the real API."""
    return Evidence("wire", source, unproven)


def ci(source: str, unproven: str = "") -> Evidence:
    """Asserted by the vendor's own tests."""
    return Evidence("ci", source, unproven)


def openapi(source: str, unproven: str = "") -> Evidence:
    """Declared in the vendor's OpenAPI document."""
    return Evidence("openapi", source, unproven)


def guide(source: str, unproven: str = "") -> Evidence:
    """Said or shown in the vendor's guides."""
    return Evidence("guide", source, unproven)


def sdk(source: str, unproven: str = "") -> Evidence:
    """Measured on the vendor's own client."""
    return Evidence("sdk", source, unproven)


def third_party(source: str, unproven: str = "") -> Evidence:
    """Relied on by somebody's client of the real API."""
    return Evidence("third-party", source, unproven)


def inferred(reason: str) -> Evidence:
    """Follows from something known."""
    return Evidence("inferred", reason)


def assumed(reason: str) -> Evidence:
    """Nobody has published it; we chose, for a reason."""
    return Evidence("assumed", reason)
