"""Sample facts of monthly reports."""

from tests.unit.samples.common import NOON, Facts
from tests.unit.samples.releases import FIGURES

REPORT: Facts = {
    "delivery": FIGURES,
    "month": "2026-02",
    "name": "February 2026",
    "zone": "Europe/Berlin",
    "team": "search",
    "scope": "team search",
    "since": NOON - 30 * 86_400,
    "until": NOON - 2 * 86_400,
    "running": False,
    "frozen": [
        {
            "origin": "manual",
            "effect": "freeze",
            "monitored": False,
            "freezes": 2,
            "seconds": 9_000,
        },
        {
            "origin": "policy",
            "effect": "freeze",
            "monitored": False,
            "freezes": 3,
            "seconds": 93_600,
        },
        {"origin": "policy", "effect": "hold", "monitored": True, "freezes": 1, "seconds": 1_860},
        {
            "origin": "schedule",
            "effect": "freeze",
            "monitored": False,
            "freezes": 4,
            "seconds": 230_400,
        },
    ],
    "stopped": 318_600,
    "overrides": [
        {
            "team": "search",
            "kind": "bug-fix",
            "asked": 4,
            "granted": 3,
            "used": 2,
            "emergencies": 0,
        },
        {
            "team": "search",
            "kind": "rollback",
            "asked": 1,
            "granted": 1,
            "used": 1,
            "emergencies": 1,
        },
    ],
    "decided": 11,
    "median": 420,
    "p90": 5_400,
    "expired": 2,
    "overdue": 1,
    "unreviewed": 1,
    "exhausted": [
        {"objective": "ranker/latency", "times": 2},
        {"objective": "ranker/quality", "times": 1},
    ],
    "adjusted": 1,
    "tradeoffs": [
        {"ruling": "accept", "asked": 2, "granted": 2},
        {"ruling": "hold", "asked": 1, "granted": 0},
        {"ruling": "reject", "asked": 3, "granted": 1},
    ],
    "forecasts": {"count": 39, "hits": 31, "coverage": 0.795, "error": 0.041, "brier": 0.1},
    "reversed": 0,
    "rollbacks": {"advised": 3, "granted": 1, "gone": 2, "stayed": 1},
    "retrainings": {"opened": 2, "taken": 1, "pipelines": 1, "closed": 1, "open": 1},
    "quiet": False,
    "begins": None,
    "unknown": False,
}
QUIET: Facts = {
    **REPORT,
    "delivery": None,
    "frozen": [],
    "stopped": 0,
    "overrides": [],
    "decided": 0,
    "median": None,
    "p90": None,
    "expired": 0,
    "overdue": 0,
    "unreviewed": 0,
    "exhausted": [],
    "adjusted": 0,
    "tradeoffs": [],
    "forecasts": None,
    "rollbacks": {"advised": 0, "granted": 0, "gone": 0, "stayed": 0},
    "retrainings": {"opened": 0, "taken": 0, "pipelines": 0, "closed": 0, "open": 0},
    "quiet": True,
}
ALL_SO_FAR: Facts = {
    **REPORT,
    "team": "",
    "scope": "everything",
    "running": True,
    "begins": NOON - 29 * 86_400,
    "stopped": 0,
    "decided": 0,
    "median": None,
    "p90": None,
    "expired": 1,
    "overrides": [
        {"team": f"team-{n}", "kind": "", "asked": n, "granted": 0, "used": 0, "emergencies": 0}
        for n in range(20)
    ],
    "exhausted": [{"objective": f"model-{n}/latency", "times": 1} for n in range(30)],
}
UNRECORDED: Facts = {**QUIET, "begins": NOON, "unknown": True}
