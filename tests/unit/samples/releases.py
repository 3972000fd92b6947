"""Sample facts of releases and what each did to the budget."""

from tests.unit.samples.common import NOON, Facts

HOUR = 3_600
CAUSED: Facts = {
    "share": 0.31, "low": 0.22, "high": 0.4, "control": "concurrent",
    "bad": 620.0, "eligible": 20_000.0, "bad0": 18.0, "eligible0": 180_000.0,
    "rate": 0.031, "rate0": 0.0001,
}  # fmt: skip
LIVE: Facts = {
    "service": "ranker", "version": "38", "began": NOON - 2 * HOUR, "ended": None, "live": True,
    "end": "", "presumed": False, "share": 0.1, "by": "github:jonas", "commit": "a" * 40,
    "digest": "", "origins": ["gate", "github acme"], "decision": 12, "stopped": None,
    "outcome": "failed", "objective": "availability", "title": "Requests that succeed",
    "window": "28 days",
    "bad": 620.0, "eligible": 20_000.0, "burn": 0.31, "excess": 0.3, "caused": CAUSED,
    "better": None, "objectives": [],
}  # fmt: skip
BACK: Facts = {
    **LIVE, "version": "37", "ended": NOON - HOUR, "live": False, "end": "rolled_back", "share": 0,
    "caused": {**CAUSED, "share": 0.001, "low": -0.01, "high": 0.02, "control": "before/after"},
    "presumed": True, "by": "",
}  # fmt: skip
BETTER: Facts = {
    **BACK, "version": "36", "end": "succeeded", "outcome": "fine",
    "caused": {**CAUSED, "share": -6.2, "low": -6.4, "high": -6.1, "rate": 0.0005, "rate0": 0.06},
}  # fmt: skip
ENDED: Facts = {**BETTER, "version": "35", "end": "ended", "caused": None}
TRADED: Facts = {
    **ENDED, "caused": CAUSED,
    "better": {
        "objective": "quality", "title": "Right answers", "rate": 0.12, "rate0": 0.18,
        "control": "concurrent",
    },
}  # fmt: skip
UNCOUNTED: Facts = {
    **ENDED, "version": "34", "end": "", "live": True, "share": 1.0, "burn": None, "bad": None,
    "eligible": None, "excess": None, "outcome": "open", "title": "", "window": "",
}  # fmt: skip
FIGURES: Facts = {
    "frequency": {"value": 1.4, "count": 42, "reason": ""},
    "lead": {"value": 7_200.0, "count": 40, "reason": ""},
    "failures": {"value": 0.12, "count": 41, "reason": ""},
    "restore": {"value": 1_500.0, "count": 5, "reason": ""},
}
NO_FIGURES: Facts = {
    name: {"value": None, "count": 0, "reason": "no release is on record in this time"}
    for name in FIGURES
}
REST: Facts = {
    "objective": "availability", "title": "Requests that succeed", "burn": 0.04, "consumed": 0.5,
    "window": "28 days",
}  # fmt: skip
RELEASES: Facts = {
    "scope": "service ranker", "filter": "ranker", "alone": True,
    "rows": [LIVE, BACK, BETTER, ENDED, TRADED, UNCOUNTED],
    "total": 21, "page": 2, "pages": 3, "days": 30,
    "unattributed": [REST, {**REST, "burn": 0.0}], "delivery": FIGURES,
}  # fmt: skip
ALL: Facts = {
    **RELEASES, "scope": "everything", "filter": "all", "alone": False, "total": 5, "page": 1,
    "pages": 1, "unattributed": [], "delivery": None,
}  # fmt: skip
NONE: Facts = {**ALL, "rows": [], "total": 0}
NEW: Facts = {**RELEASES, "rows": [UNCOUNTED], "total": 1, "delivery": NO_FIGURES, "page": 1}
