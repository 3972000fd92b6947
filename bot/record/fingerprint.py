"""What makes two ways of counting one and the same."""

import hashlib
import json
from dataclasses import asdict

from bot.judge.objective import Objective


def fingerprint(objective: Objective) -> str:
    """SHA-256 over all that decides what a slice counts: indicator, method, slice target, source
    and step. Target, window, alerts, policy and title only judge the counts."""
    how = {
        "indicator": [type(objective.indicator).__name__, asdict(objective.indicator)],
        "method": str(objective.method),
        "slice_target": None if objective.slice_target is None else str(objective.slice_target),
        "source": objective.source,
        "step": objective.step,
    }
    return hashlib.sha256(json.dumps(how, sort_keys=True, default=str).encode()).hexdigest()
