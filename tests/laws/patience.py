"""How long Hypothesis may take over a law: as long as it needs, so that a busy machine never fails one."""

from hypothesis import HealthCheck, Phase, settings

PHASES = [phase for phase in Phase if phase is not Phase.explain]  # which takes minutes over a state machine, and says little
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], phases=PHASES)
