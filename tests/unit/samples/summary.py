"""Sample facts of the message that many episodes share, and of its thread."""

from tests.unit.samples.common import AYLIN, JONAS, NOON, Facts

_GONE: Facts = {
    "episode": 12,
    "service": "ranker",
    "title": "Answers within 300 ms",
    "severity": "exhausted",
    "left": -0.121,
    "exhausts_in": 0,
    "reason": "17,601 bad events, 15,702 were allowed in the window",
}
_FAST: Facts = {
    **_GONE,
    "episode": 14,
    "service": "search",
    "title": "Answers without error",
    "severity": "page",
    "left": 0.623,
    "exhausts_in": 18_060,
    "exhausts_over": 300,
    "reason": "burn 18.2 over 1 h and 83.5 over 5 min (warns at 13.4)",
}
_BLIND: Facts = {
    **_GONE,
    "episode": 17,
    "service": "embedder",
    "title": "Vectors fresher than a day",
    "severity": "unknown",
    "left": None,
    "exhausts_in": None,
    "reason": "the newest counts are 14 min old, and no poll failed: is `burnban run` going?",
}
_SLOW: Facts = {**_FAST, "episode": 18, "service": "recs", "severity": "ticket"}
_CALM: Facts = {**_FAST, "episode": 19, "severity": "calming", "left": 0.91, "exhausts_in": None}

SUMMARY: Facts = {
    "summary": 12,
    "state": "open",
    "service": "ranker, search, recs, embedder and 3 more",
    "services": ["ranker", "search", "recs", "embedder", "fraud", "spam", "churn"],
    "total": 43,
    "counts": {"exhausted": 1, "burning": 38, "unknown": 2, "calming": 1, "over": 1},
    "severity": "exhausted",
    "peak": "exhausted",
    "worst": [_GONE, _FAST, _SLOW, _BLIND, _CALM],
    "more": 37,
    "since": NOON - 420,
    "as_of": NOON,
    "resolved_at": None,
    "acknowledged_by": [],
    "unacknowledged": 42,
    "scope": "team:search",
    "word": "search",
    "frozen": [],
    "freezing": "",
    "releases_line": "Releases of ranker, search, recs, embedder and 3 more go on.",
}
FROZEN_IN_PART: Facts = {
    **SUMMARY,
    "acknowledged_by": [JONAS, AYLIN],
    "unacknowledged": 0,
    "frozen": ["ranker"],
    "freezing": "A freeze of search is being asked for.",
    "releases_line": "Releases of ranker are frozen; those of search, recs go on.",
}
ONE_MORE: Facts = {
    **SUMMARY,
    "service": "search",
    "services": ["search"],
    "total": 1,
    "counts": {"exhausted": 0, "burning": 1, "unknown": 0, "calming": 0, "over": 0},
    "severity": "page",
    "peak": "page",
    "worst": [_FAST],
    "more": 0,
    "unacknowledged": 1,
    "scope": "all",
    "word": "all",
    "releases_line": "Releases of search go on.",
}
ALL_OVER: Facts = {
    **SUMMARY,
    "state": "resolved",
    "counts": {"exhausted": 0, "burning": 0, "unknown": 0, "calming": 0, "over": 43},
    "worst": [],
    "more": 0,
    "as_of": None,
    "resolved_at": NOON + 5_400,
    "unacknowledged": 0,
}


def _news(what: str, severity: str, then: str = "") -> Facts:
    more = {"what": what, "severity": severity, "before": "page", "then": then, "monitored": False}
    return {**_FAST, **more, "since": NOON - 420}


NEWS: Facts = {
    "service": "search",
    "lines": [
        _news("opened", "page"),
        _news("rose", "exhausted"),
        _news("again", "exhausted"),
        _news("passed", "", "warn"),
        _news("passed", "", "request-freeze"),
        _news("passed", "", "freeze"),
        _news("resolved", "exhausted"),
        _news("gone", ""),
    ],
}
FULL: Facts = {**NEWS, "lines": [_news("opened", "page")] * 20}
