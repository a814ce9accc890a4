"""Hypothesis strategies over the fake: bodies that are right and nearly right, and plans of what goes wrong."""

from mockserver.testing.bodies import bodies, nearly_valid_bodies, paths
from mockserver.testing.flaws import Flaw
from mockserver.testing.plans import effects, fault_plans, faults, outages

__all__ = ["Flaw", "bodies", "effects", "fault_plans", "faults", "nearly_valid_bodies", "outages", "paths"]
