"""Where what is known of Criteo's API can be read: the sources that the evidence of this provider names."""

from mockserver.evidence import Evidence

OPENAPI = "Criteo's OpenAPI documents, 2026-01 to 2027-01, preview and experimental (August 2026)"
OLD_OPENAPI = "Criteo's OpenAPI documents before October 2025, in the history of criteo/criteo-api-sdk-generator"
SEGMENT_GUIDE = "developers.criteo.com, Retail Media, Audience Segment Endpoints"
AUDIENCE_GUIDE = "developers.criteo.com, Retail Media, Audience Endpoints"
ERROR_GUIDE = "developers.criteo.com, API error codes and API error types"
RATE_GUIDE = "developers.criteo.com, rate limits"
VERSION_GUIDE = "developers.criteo.com, versioning policy"
OAUTH_GUIDE = "developers.criteo.com, authentication and authorization-code setup"
REALTIME_GUIDE = "developers.criteo.com, Real Time Statistics"
REALTIME_PAGE = "developers.criteo.com, reference of POST /preview/reports/realtime"
ALGEBRA_GUIDE = "developers.criteo.com, Retail Media, Algebra Nodes"
PREVIEW_GUIDE = "developers.criteo.com, Retail Media, preview pages of audiences and audience segments"
PYTHON_SDK = "criteo-api-retailmedia-sdk 2026.1, 2026.7, 2027.1 and 0.0 on PyPI, run against a stub"
PHP_TEST = "GatewayApiTest in criteo/criteo-api-sdk-generator, run live by Criteo"
RUDDERSTACK = "rudderlabs/rudder-transformer, tests of the criteo_audience destination"
OWOX = "OWOX/owox-data-marts, Criteo connector and its credentials guide"
SEGMENT_COM = "segmentio/action-destinations, criteo-audiences"


def wire(source: str) -> Evidence:
    return Evidence("wire", source)


def ci(source: str) -> Evidence:
    return Evidence("ci", source)


def openapi(source: str = OPENAPI, unproven: str = "") -> Evidence:
    return Evidence("openapi", source, unproven)


def guide(source: str, unproven: str = "") -> Evidence:
    return Evidence("guide", source, unproven)


def sdk(source: str = PYTHON_SDK) -> Evidence:
    return Evidence("sdk", source)


def third_party(source: str, unproven: str = "") -> Evidence:
    return Evidence("third-party", source, unproven)


def inferred(reason: str) -> Evidence:
    return Evidence("inferred", reason)


def assumed(reason: str) -> Evidence:
    return Evidence("assumed", reason)
