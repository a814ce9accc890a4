"""Where what is known of Shoplive's API can be read."""

from mockserver.evidence import Evidence

STATS_PAGE = "docs.shoplive.cloud, Retrieve campaign stats"
TOKEN_PAGE = "docs.shoplive.cloud, JWT token"
ERROR_TABLES = "docs.shoplive.kr, Android error codes; github.com/shoplive/guide, error codes"
CLIENT = "ikegamikohei-clovertech/shoplive-rakuten-demo, run against the live API"


def wire(source: str) -> Evidence:
    return Evidence("wire", source)


def guide(source: str, unproven: str = "") -> Evidence:
    return Evidence("guide", source, unproven)


def third_party(source: str, unproven: str = "") -> Evidence:
    return Evidence("third-party", source, unproven)


def inferred(reason: str) -> Evidence:
    return Evidence("inferred", reason)


def assumed(reason: str) -> Evidence:
    return Evidence("assumed", reason)
