"""Wrong fakes: small lies told of the true one, and what becomes of each when the kit is held against it."""
