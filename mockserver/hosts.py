"""The vendors' hosts, whose names the fake answers to."""

HOSTS = ("api.criteo.com", "private.shopliveapi.com")
