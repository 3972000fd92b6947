"""Sample facts of what a release would cost and bring."""

from tests.unit.samples.common import NOON, Facts

ACCEPTED: Facts = {
    "service": "ranker",
    "version": "38",
    "beside": "37",
    "ruling": "accept",
    "text": "Accept: every budget can afford it. It saves 10,714 wrong answers for 143 lost"
    " requests: 75 wrong answers per request. availability: 45.0 % left now, less 7.1 % for this"
    " release (3.6 % to 10.7 %) and 17.9 % that goes anyway in the next 6 h: 20.0 % would be left"
    " (16.4 % to 23.6 %).",
    "missing": "",
    "price": 1.0,
    "reserve": 0.1,
    "exchange": 75.0,
    "answers": 10_714.0,
    "requests": 143.0,
    "needed": None,
    "affordable_at": None,
    "rows": [
        {
            "objective": name,
            "title": title,
            "ruling": "accept",
            "low": 0.036,
            "expected": 0.071,
            "high": 0.107,
            "left": 0.2,
            "given": False,
            "evidence": said,
        }
        for name, title, said in (
            (
                "availability",
                "Answers without error",
                "70 of 100,000 bad with 38, 500 of 1,000,000 with 37: 0.02 points more bad"
                " (0.01 to 0.03)",
            ),
            ("accuracy", "Right answers", "given by hand: 1.5 points fewer bad (1.3 to 1.7)"),
        )
    ],
    "left_out": [{"title": "Drift", "why": "it counts neither requests nor answers"}],
    "by_hand": "--accuracy +1.5±0.2 --availability -0.02±0.01",
    "share": 0.0,
    "fails": None,
    "back": False,
}
SERVING: list[Facts] = [
    {**ACCEPTED, "share": 1.0, "fails": {"to": "37", "odds": "2,651 : 1"}},
    {**ACCEPTED, "share": 0.1},
    {**ACCEPTED, "ruling": "reject", "share": 0.1, "fails": {"to": "37", "odds": "34 : 1"}},
    {**ACCEPTED, "ruling": "hold", "share": 1.0},
    {
        **ACCEPTED,
        "ruling": "hold",
        "text": "Roll back: that it fails more is proven.",
        "share": 0.1,
        "fails": {"to": "37", "odds": "more than 1,000,000 : 1"},
        "back": True,
    },
]
REJECTED: Facts = {
    **ACCEPTED,
    "ruling": "reject",
    "text": "Reject: the budget of availability cannot afford it. Affordable again from about Fri"
    " 6 Mar 2026, 14:00 UTC if nothing new happens.",
    "missing": "nothing tells how right its answers are",
    "price": 40.0,
    "affordable_at": NOON + 180_000,
    "rows": ACCEPTED["rows"][:1] * 9,
    "left_out": [],
}
UNDECIDED: Facts = {**ACCEPTED, "ruling": "hold", "text": "Hold: too little was measured."}
UNWEIGHED: Facts = {
    **ACCEPTED,
    "beside": "",
    "ruling": "unknown",
    "text": "",
    "exchange": None,
    "answers": None,
    "requests": None,
    "rows": [],
    "left_out": [{"title": "Errors", "why": "nobody told of another version that served beside 38"}]
    * 9,
}
