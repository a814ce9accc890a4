"""A stateful fake of the Criteo and Shoplive APIs, and the contract kit that proves it."""

__version__ = "0.1.0"
