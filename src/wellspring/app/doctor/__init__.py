"""`wellspring doctor`: what is wrong with a deployment, and how to mend it."""

from wellspring.app.doctor.diagnosis import diagnose
from wellspring.app.doctor.findings import Finding, report, verdict

__all__ = ["Finding", "diagnose", "report", "verdict"]
