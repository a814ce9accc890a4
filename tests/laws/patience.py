"""How long Hypothesis may take over a law: as long as it needs, so that a busy machine never fails one."""

from hypothesis import HealthCheck, settings

PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
