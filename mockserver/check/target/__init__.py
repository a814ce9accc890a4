"""Targets by URL: what is sent to them, what is not, and how nothing is left there."""
