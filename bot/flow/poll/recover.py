"""An automatic freeze thaws when what it was there for has recovered, and stayed so."""

from collections.abc import Sequence

from bot.decide.decision import Event
from bot.decide.episode import Standing, rearmed
from bot.decide.freeze import Freeze, Origin
from bot.decide.thaw import Step, all_well, next_step, recovering, shared_rule
from bot.flow.freeze.over import Over
from bot.flow.poll.case import Case
from bot.flow.poll.unwatched import ask_to_lift, lost_causes
from bot.judge.objective import Objective
from bot.judge.verdict import Kind, patience_of


def thaw(case: Case) -> None:
    """Automatic freezes of this objective: cool, relapse, thaw (law 12)."""
    for freeze in case.covering():
        if freeze.origin is Origin.POLICY and case.objective.id in freeze.causes:
            _look(case, freeze)


def _look(case: Case, freeze: Freeze) -> None:
    patience, others = patience_of(case.objective), _others(case, freeze)
    policies = [case.told.catalog.policy_of(one) for one in others]
    rule = shared_rule(freeze, case.policy, policies)
    step = next_step(freeze, case.verdict, rule, case.now, patience)
    since = recovering(step, freeze, case.now, case.objective.step)
    if since != freeze.recovering_since:
        case.books.freezes.cooling(freeze.id, since)
        case.told.forget_freezes()
    if step is Step.THAW and all_well(_kinds(case, others)):
        _end(case, freeze)


def _others(case: Case, freeze: Freeze) -> list[Objective]:
    """The other objectives that a freeze is there for, as far as the specs still have them."""
    names = set(freeze.causes) - {case.objective.id}
    return [one for one in case.told.catalog.objectives if one.id in names]


def _kinds(case: Case, others: Sequence[Objective]) -> list[Kind | None]:
    """What was said of them last."""
    known = case.books.standings.get([one.id for one in others])
    return [known[one.id].kind if one.id in known else None for one in others]


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
    standing = case.after or Standing(case.objective.id)
    case.books.standings.put([rearmed(standing, case.verdict.left)])
    event = Event.WOULD_THAW if freeze.monitored else Event.THAWED
    would = "would have thawed: " if freeze.monitored else ""
    why = f"{would}the budget has recovered and stayed so"
    case.note(event, why, {"freeze": freeze.id, "effect": str(freeze.effect)})
    case.told.over.append(Over(freeze, "thawed"))
