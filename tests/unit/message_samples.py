"""Sample facts for every template: the shapes that the flows give, with figures of one bad day.

Used by the tests and to look at the messages. Instants are seconds since 1970, shares are fractions
of one.
"""

from tests.unit.samples.adjust import (
    ADJUST,
    ADJUST_MODAL,
    ADJUSTED,
    ADJUSTMENTS,
    NO_ADJUSTMENTS,
    PLANNED,
    PUT_BACK,
    REVERSED,
)
from tests.unit.samples.canary import CANARIES, ROLLBACKS
from tests.unit.samples.canary import NEWS as ROLLBACK_NEWS
from tests.unit.samples.common import AYLIN, NOON, Facts
from tests.unit.samples.freezes import (
    CANCELLED,
    EDITED,
    FREEZES,
    NO_FREEZES,
    NO_PREVIEW,
    PAST,
    PREVIEW,
    REMINDER,
    REWORDED,
    SCHEDULED,
    SHORTEN,
)
from tests.unit.samples.gate import (
    ASKED,
    CLOSED,
    DENIED,
    GRANTED,
    OPEN,
    PENDING,
    STOPPED,
    STOPPED_LAST,
    STOPPED_MANY,
    STOPPED_ONCE,
    STOPPED_TOO,
    THROUGH,
    UNSEEN,
    WAITING,
    WENT,
)
from tests.unit.samples.history import ANCHOR, BROKEN, UNREAD, UNSIGNED
from tests.unit.samples.lifted_many import LIFTED_ALL, RAN_OUT, THAWED, WATCHED
from tests.unit.samples.override import (
    CARDS,
    EMERGENCY,
    NO_REVIEWS,
    OVERDUE,
    OVERRIDE_MODAL,
    OVERRIDES,
    REVIEWS,
)
from tests.unit.samples.override import NEWS as OVERRIDE_NEWS
from tests.unit.samples.policy import IN_FORCE, NOTHING, OWN_POLICIES, POLICY, TRIED
from tests.unit.samples.reading import HISTORY, SHOW, STATUS, STATUS_EMPTY, STATUS_LONG
from tests.unit.samples.releases import ALL, NEW, NONE, RELEASES
from tests.unit.samples.report import ALL_SO_FAR, QUIET, REPORT, UNRECORDED
from tests.unit.samples.request import (
    AUTOMATIC,
    BY_POLICY,
    CAUTION,
    DISPUTED,
    FREEZE,
    HOLD,
    LIFTED,
    MONITORED,
    REQUEST,
    STILL,
    TURNED_AWAY,
    UNFORESEEN,
    UNFREEZE,
    VOTE,
    WIDE,
    WITHDRAWN,
)
from tests.unit.samples.requests import (
    CALLED,
    CALLED_ALL,
    CLOSED_ALL,
    FROZE,
    LAST_ONE,
    PAGES,
    STORM,
)
from tests.unit.samples.retrain import PIPELINE, TASK_CARDS, TASK_NEWS, TASKS
from tests.unit.samples.summary import ALL_OVER, FROZEN_IN_PART, FULL, NEWS, ONE_MORE, SUMMARY
from tests.unit.samples.tradeoff import ACCEPTED, REJECTED, SERVING, UNDECIDED, UNWEIGHED
from tests.unit.samples.ungated import DAY as UNGATED_DAY
from tests.unit.samples.ungated import RESTORE
from tests.unit.samples.ungated import SEEN as UNGATED_ONE
from tests.unit.samples.ungated import STOPPED as UNGATED_STOPPED
from tests.unit.samples.warning import (
    BARE,
    BURN,
    DETAILS,
    EXHAUSTED,
    GIVEN_WAY,
    HELD,
    REGAINED,
    RESOLVED,
    TICKET,
    UNDONE,
    UNJUDGED,
    WAITED_FOR,
)

_OVER: Facts = {"freeze_reason": "the error budget is gone", "still_frozen": []}
CLEARED: Facts = {
    "service": "ranker",
    "objective": "ranker/accuracy",
    "title": "Right answers",
    "at": NOON - 7 * 86_400,
    "before": -0.12,
    "after": 0.34,
    "set_at": NOON,
    "freeze": 12,
    "effect": "freeze",
    "scope": "service ranker",
    "word": "ranker",
    "then": "",
}
MISSED: Facts = {**CLEARED, "freeze": None, "set_at": None, "effect": "", "then": "freeze"}

MESSAGES: dict[str, list[Facts]] = {
    "release_stopped": [STOPPED, UNSEEN, STOPPED_ONCE, WENT, ASKED, DENIED, GRANTED],
    "release_stopped_again": [STOPPED_TOO, STOPPED_LAST, STOPPED_MANY],
    "vote_refused": [TURNED_AWAY, {**TURNED_AWAY, "may": []}],
    "ungated": [UNGATED_ONE, UNGATED_STOPPED, UNGATED_DAY],
    "tradeoff": [ACCEPTED, *SERVING, REJECTED, UNDECIDED, UNWEIGHED],
    "releases": [RELEASES, ALL, NONE, NEW],
    "gate": [CLOSED, OPEN, THROUGH, WAITING, PENDING],
    "canary": CANARIES,
    "retrain": TASK_CARDS,
    "retrain_news": TASK_NEWS,
    "tasks": TASKS,
    "rollback": ROLLBACKS,
    "rollback_news": ROLLBACK_NEWS,
    "burn_warning": [BURN, TICKET, EXHAUSTED, RESOLVED, BARE, HELD, UNDONE, GIVEN_WAY, REGAINED],
    "burn_rose": [
        {**BURN, "before": "ticket"},
        {**EXHAUSTED, "before": "page"},
        {**EXHAUSTED, "before": "exhausted"},
        {**UNDONE, "before": "ticket"},
        {**BURN, "before": "ticket", "over": NOON},
        {**EXHAUSTED, "before": "exhausted", "over": NOON},
    ],
    "threshold_passed": [
        {**BURN, "left": 0.243, "threshold": 0.25, "then": "warn", "monitored": False},
        {**BURN, "left": 0.1, "threshold": 0.1, "then": "freeze", "monitored": False},
        {**BURN, "left": 0.04, "threshold": 0.05, "then": "request-freeze", "monitored": False},
        {**BURN, "left": 0.4, "threshold": 0.5, "then": "caution", "monitored": False},
        {**BURN, "left": 0.2, "threshold": 0.25, "then": "hold", "monitored": False},
        {**BURN, "left": 0.2, "threshold": 0.25, "then": "hold", "monitored": True},
        {**BURN, "left": 0.04, "threshold": 0.05, "then": "request-freeze", "monitored": True},
    ],
    "resolved": [RESOLVED],
    "summary": [SUMMARY, FROZEN_IN_PART, ONE_MORE, ALL_OVER],
    "summary_rose": [
        {**SUMMARY, "before": "page", "now": "exhausted"},
        {**ONE_MORE, "before": "ticket", "now": "page"},
        {**FROZEN_IN_PART, "before": "exhausted", "now": "exhausted"},
        {**SUMMARY, "before": "page", "now": "exhausted", "over": NOON},
        {**FROZEN_IN_PART, "before": "exhausted", "now": "exhausted", "over": NOON},
    ],
    "summary_news": [NEWS, FULL],
    "summary_resolved": [ALL_OVER],
    "request": [
        REQUEST,
        UNFREEZE,
        BY_POLICY,
        WIDE,
        {**REQUEST, "state": "approved", "approvals": [VOTE]},
        {**REQUEST, "state": "approved", "approvals": [VOTE], "over": NOON + 900},
        {
            **UNFREEZE,
            "state": "approved",
            "approvals": [VOTE, {**VOTE, "user": AYLIN, "name": "aylin", "at": NOON + 900}],
        },
        {**REQUEST, "state": "denied", "denials": [VOTE]},
        {**REQUEST, "state": "expired"},
        RESTORE,
        {**RESTORE, "state": "approved", "approvals": [VOTE]},
        {**RESTORE, "state": "expired"},
        *PIPELINE,
        {**UNFREEZE, "state": "superseded"},
        {**UNFREEZE, "state": "cancelled"},
        WITHDRAWN,
        DISPUTED,
        SHORTEN,
        {**SHORTEN, "wish": "extend", "until": None},
        {**SHORTEN, "state": "approved", "approvals": [VOTE]},
        {**SHORTEN, "state": "expired"},
        ADJUST,
        PUT_BACK,
        {**ADJUST, "state": "approved", "approvals": [VOTE]},
        {**PUT_BACK, "state": "approved", "approvals": [VOTE]},
        {**ADJUST, "state": "expired", "scope": "everything", "evidence": None},
        {**PUT_BACK, "state": "expired"},
    ],
    "frozen_many": [
        FROZE,
        {**FROZE, "effect": "hold"},
        {**FROZE, "monitored": True},
        {**FROZE, "over": NOON},
    ],
    "requests": [STORM, LAST_ONE, CLOSED_ALL],
    "requests_page": PAGES,
    "called": [CALLED, CALLED_ALL],
    "escalated": [
        {**facts, "fallback": "managers", "waited": 1_800}
        for facts in (CALLED, {**CALLED, "ask": []}, CALLED_ALL)
    ],
    "override": CARDS,
    "override_news": OVERRIDE_NEWS,
    "glass_broken": [EMERGENCY, {**EMERGENCY, "review": None}],
    "review_overdue": OVERDUE,
    "overrides": [OVERRIDES, {"rows": [], "more": False, "filter": "all"}],
    "reviews": [REVIEWS, NO_REVIEWS],
    "frozen": [
        FREEZE,
        AUTOMATIC,
        UNFORESEEN,
        HOLD,
        CAUTION,
        MONITORED,
        {**HOLD, "monitored": True},
    ],
    "freeze_over": PAST,
    "lifted": [LIFTED, STILL],
    "lifted_many": [THAWED, LIFTED_ALL, WATCHED, RAN_OUT],
    "freeze_ahead": [SCHEDULED],
    "freeze_begun": [SCHEDULED, {**SCHEDULED, "over": NOON, "how": "freeze_ended"}],
    "freeze_cancelled": [CANCELLED, {**CANCELLED, "by": "schedule:x", "by_name": "schedule x"}],
    "freeze_edited": [
        EDITED,
        REWORDED,
        {**EDITED, "again": True},
        {**EDITED, "again": True, "over": NOON, "how": "freeze_cancelled"},
        {**REWORDED, "over": NOON, "how": "lifted"},
    ],
    "freeze_reminder": [
        REMINDER,
        {**REMINDER, "days": 1, "by": "terminal:ops", "by_name": "ops"},
        {**REMINDER, "by": "burnban", "by_name": "Burnban", "stuck": "its objective is gone"},
    ],
    "freezes": [
        FREEZES,
        NO_FREEZES,
        {**NO_FREEZES, "filter": "all"},
        {**NO_FREEZES, "rows": FREEZES["rows"][:1], "hidden": 12},
    ],
    "freeze_preview": [PREVIEW, NO_PREVIEW],
    "adjusted": [ADJUSTED, PLANNED, REVERSED],
    "adjustments": [ADJUSTMENTS, NO_ADJUSTMENTS, {**NO_ADJUSTMENTS, "filter": "all"}],
    "policy": [POLICY, OWN_POLICIES],
    "backtest": [TRIED, IN_FORCE, NOTHING],
    "report": [REPORT, QUIET, ALL_SO_FAR, UNRECORDED],
    "freeze_ended": [{**LIFTED, "by": "burnban", "by_name": "Burnban"}],
    "thawed": [
        {**AUTOMATIC, **_OVER},
        {**CAUTION, **_OVER},
        {**MONITORED, **_OVER},
        {**AUTOMATIC, **_OVER, "still_frozen": [{**STILL["still_frozen"][0], "effect": "caution"}]},
    ],
    "restated": [CLEARED, MISSED],
    "blind": [
        {
            "service": "ranker",
            "title": "Answers within 300 ms",
            "reasons": ["nothing was observed for 14 min: the source has no such series now"],
            "source": "prom",
            "since": NOON - 840,
        },
        {
            "service": "ranker, search and 3 more",
            "title": "17 objectives",
            "reasons": [
                "nothing has been counted yet: not polled, or the source has no such series"
            ],
            "source": "prom",
            "since": None,
        },
    ],
    "sees_again": [
        {
            "service": "ranker",
            "title": "Answers within 300 ms",
            "reasons": ["5,967 of 15,702,000 events were bad, within the budget"],
            "source": "prom",
            "since": NOON - 840,
        }
    ],
    "ops_notice": [
        {
            "title": "The new spec files are wrong; the old ones stay in force",
            "text": "Mend them and save again; nothing else is needed.",
            "faults": ["slos/ranker.yaml:12: spec.objectives[0].target: 1.0 leaves no budget."],
        },
        {"title": "A message could not be delivered", "text": "not_in_channel", "faults": []},
    ],
    "status": [STATUS, STATUS_LONG, STATUS_EMPTY],
    "show": [SHOW],
    "history": [
        HISTORY,
        {
            "rows": [],
            "filter": "all",
            "query": "all",
            "narrowed": "",
            "next_before": None,
            "previous_after": None,
        },
    ],
    "anchor": [ANCHOR, UNSIGNED],
    "history_broken": [BROKEN, UNREAD],
    "help": [
        {
            "commands": [
                {"name": "/budget", "usage": "/budget status | show <service>", "summary": "See"},
                {"name": "/freeze", "usage": "/freeze <scope> <reason>", "summary": "Stop"},
            ],
            "examples": ["/budget status", "/freeze ranker for 2h version 38 looks wrong"],
        }
    ],
    "answer": [
        {
            "text": "There is no service or team `rankr`. Did you mean `ranker`?",
            "ok": False,
            "example": "/budget show ranker",
            "next": "",
        },
        {
            "text": "Asked: request 7 stands in #ml-ranking.",
            "ok": True,
            "example": "",
            "next": "an approver decides there.",
        },
    ],
}
VIEWS: dict[str, list[Facts]] = {
    "freeze_modal": [
        {
            "services": ["ranker", "search"],
            "teams": ["search"],
            "preset": "service:ranker",
            "zone": "Europe/Berlin",
        },
        {
            "services": [f"model-{n}" for n in range(1_200)],
            "teams": [],
            "preset": "",
            "zone": "UTC",
        },
        {"services": [], "teams": [], "preset": "all", "zone": "UTC"},
    ],
    "unfreeze_modal": [
        {
            "freezes": [
                {"id": 4, "scope": "service ranker", "reason": "errors since release 38"},
                {"id": 5, "scope": "everything", "reason": "big launch"},
            ]
        },
        {"freezes": []},
    ],
    "override_modal": [
        OVERRIDE_MODAL,
        {**OVERRIDE_MODAL, "preset": ""},
        {**OVERRIDE_MODAL, "services": [], "preset": ""},
    ],
    "vote_modal": [{"request": 7, "choice": "approve"}, {"request": 7, "choice": "deny"}],
    "adjust_modal": [ADJUST_MODAL, {**ADJUST_MODAL, "causes": [], "teams": []}],
    "details_modal": [DETAILS, UNJUDGED, WAITED_FOR],
    "loading_modal": [{}, {"title": "Freeze releases"}],
}
