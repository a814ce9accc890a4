"""The contract kit: the same property-based checks against the fake, against any other server, against the real API."""
