"""Events + prices + model + tests -> EventStudyResult."""

from aftershock.study.core import event_study, run_study

__all__ = ["event_study", "run_study"]
