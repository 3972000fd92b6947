"""An automatic freeze thaws when what it was there for has recovered, and stayed so."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.decide.decision import Event
from bot.decide.freeze import Freeze, Origin
from bot.decide.people import BURNBAN
from bot.decide.policy import Thaw
from bot.decide.thaw import Step, next_step
from bot.flow.announce import announce_lift
from bot.flow.case import Case
from bot.flow.unwatched import ask_to_lift, lost_causes
from bot.judge.objective import Objective
from bot.judge.verdict import Kind, patience_of


def thaw(case: Case) -> None:
    """Automatic freezes of this objective: cool, relapse, thaw (law 12)."""
    for freeze in case.covering():
        if freeze.origin is Origin.POLICY and case.objective.id in freeze.causes:
            _look(case, freeze)


def _look(case: Case, freeze: Freeze) -> None:
    patience = patience_of(case.objective)
    match next_step(freeze, case.verdict, _rule(case, freeze), case.now, patience):
        case Step.HOLD:
            pass
        case Step.START_COOLING:
            _cool(case, freeze, case.now)
        case Step.WAIT:
            since = freeze.recovering_since or case.now
            _cool(case, freeze, min(case.now, since + timedelta(seconds=case.objective.step)))
        case Step.RELAPSE:
            _cool(case, freeze, None)
        case Step.THAW:
            if _others_recovered(case, freeze):
                _end(case, freeze)


def _cool(case: Case, freeze: Freeze, since: datetime | None) -> None:
    case.books.freezes.cooling(freeze.id, since)
    case.told.forget_freezes()


def _others(case: Case, freeze: Freeze) -> list[Objective]:
    """The other objectives that a freeze is there for, as far as the specs still have them."""
    names = set(freeze.causes) - {case.objective.id}
    return [one for one in case.told.catalog.objectives if one.id in names]


def _rule(case: Case, freeze: Freeze) -> Thaw:
    """Of a freeze with several causes, each must recover, and the longest dwell time counts: any of
    them that does not starts it anew."""
    rules = [case.told.catalog.policy_of(one).thaw for one in _others(case, freeze)]
    longest = max([case.policy.thaw.lasts, *(rule.lasts for rule in rules)])
    return replace(case.policy.thaw, cooling=longest - case.policy.thaw.dwell)


def _others_recovered(case: Case, freeze: Freeze) -> bool:
    """What is not known, or spent, thaws nothing (law 11)."""
    names = [one.id for one in _others(case, freeze)]
    known = case.books.standings.get(names)
    held = (None, Kind.UNKNOWN, Kind.EXHAUSTED)
    return all(name in known and known[name].kind not in held for name in names)


def _end(case: Case, freeze: Freeze) -> None:
    """What is known of it has recovered; of a cause that has left the specs nothing is known, and
    an edit of a file lifts no freeze."""
    if lost_causes(case.told.catalog, freeze):
        ask_to_lift(case.books, case.told.catalog, case.told.ops, freeze, case.now)
    else:
        _lift(case, freeze)


def _lift(case: Case, freeze: Freeze) -> None:
    if not case.books.freezes.lift(freeze.id, case.now):
        return
    case.told.forget_freezes()
    case.note(Event.THAWED, "the budget has recovered and stayed so", {"freeze": freeze.id})
    announce_lift(
        case.books,
        case.told.catalog,
        case.told.ops,
        freeze,
        BURNBAN,
        (),
        case.now,
        template="thawed",
        reason="",
    )
