"""A stateful fake of the Criteo and Shoplive APIs, for tests that must not touch production."""

__version__ = "0.1.0"
