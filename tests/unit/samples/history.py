"""Sample facts of the history outside the database: anchors, and the nightly look."""

from tests.unit.samples.common import NOON, Facts

_LINE = (
    '{"at":"2026-03-03T12:00:00.000000+00:00","hash":"' + "0f3a55c1" * 8 + '","key":"'
    + "5b" * 32 + '","purpose":"anchor","seq":4711,"signature":"' + "c7" * 64 + '"}'
)  # fmt: skip
ANCHOR: Facts = {"seq": 4711, "hash": "0f3a55c1" * 8, "at": NOON, "signed": True, "line": _LINE}
UNSIGNED: Facts = {
    **ANCHOR,
    "signed": False,
    "line": _LINE.replace("5b" * 32, "").replace("c7" * 64, ""),
}
BROKEN: Facts = {
    "problem": "decision 3170, or its link to the one before, is not what was stored",
    "rows": 3169,
    "bad": 3170,
    "flaw": "changed",
    "newest": 3169,
}
UNREAD: Facts = {
    "problem": "Line 12 of anchors.jsonl is no anchor any more",
    "rows": 4711,
    "bad": None,
    "flaw": "",
    "newest": 4711,
}
