"""All that other domains may import from care."""

from __future__ import annotations

from wellspring.care import reasons
from wellspring.care.reasons import BY_CODE, REASONS, Reason, reason_text
from wellspring.care.rules import Candidate, Cap, Decisions, Purpose, cap_reason
from wellspring.care.service import preview, read_caps, reserve, settle, usage

__all__ = [
    "BY_CODE",
    "REASONS",
    "Candidate",
    "Cap",
    "Decisions",
    "Purpose",
    "Reason",
    "cap_reason",
    "preview",
    "read_caps",
    "reason_text",
    "reasons",
    "reserve",
    "settle",
    "usage",
]
