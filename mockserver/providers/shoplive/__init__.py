"""Shoplive: campaign statistics."""

from mockserver.contract.router import Contracts
from mockserver.provider import Provider
from mockserver.providers.shoplive import dialect, identity, stats
from mockserver.providers.shoplive.founding import found, write_campaigns
from mockserver.providers.shoplive.readings import READINGS
from mockserver.resources import folder

HANDLERS = {"retrieveCampaignStats": stats.campaign_stats}

SHOPLIVE = Provider(
    name="shoplive",
    contracts=Contracts(folder("contracts") / "shoplive"),
    handlers=HANDLERS,
    readings=READINGS,
    modules=(dialect, identity, stats),
    build=found,
    identify=identity.identify,
    lost=dialect.lost,
    unfit=dialect.unfit,
    dialect=dialect.ENVELOPE,
    controls={"campaigns": write_campaigns},
    claims=frozenset({"v2"}),
    claimant=identity.claimant,
    authorize=identity.authorize,
    failures={
        400: dialect.INVALID_ARGUMENT,
        401: identity.NOT_AUTHENTICATED,
        403: identity.ANOTHER_CUSTOMER,
        404: dialect.UNKNOWN_PATH,
        429: dialect.TOO_MANY_CALLS,
        500: dialect.SERVER_ERROR,
    },
)
