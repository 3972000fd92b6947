"""An outage of a source in the history: one row when it begins and one when it ends, for all the
objectives that it leaves without an answer. Their verdicts are noted again from then on."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.decide.catalog import Catalog
from bot.decide.decision import Decision, Event
from bot.decide.episode import Standing
from bot.decide.outage import cut_off
from bot.decide.people import BURNBAN
from bot.flow.facts import epoch
from bot.flow.poll.catchup import Measured
from bot.judge.reason import span
from bot.ports import Books, HistoryFilter

_LOOK = 100
"""Ends of outages of one source that are looked through for one of them: it is among the first that
came after its beginning."""


def begin(
    books: Books,
    source: str,
    measured: Sequence[Measured],
    before: Mapping[str, Standing],
    now: datetime,
    *,
    answered: bool,
) -> dict[str, int]:
    """Note that the source has cut off objectives that it still answered at the poll before, if it
    has: the number of the outage for each of them. `answered`: whether it answered others."""
    faults = {m.objective.id: m.fault for m in measured if m.fault}
    theirs = cut_off(faults, answered=answered)
    was = {name: before.get(name, Standing(name)) for name in theirs}
    lost = {m.objective.id: m.objective.service for m in measured if m.objective.id in theirs}
    lost = {name: service for name, service in lost.items() if not was[name].fault}
    if not lost:
        return {}
    reasons = Counter(faults[name] for name in lost)
    (first, _), *others = reasons.most_common()
    more = f"; and {len(others)} other fault{'s' if len(others) > 1 else ''}" if others else ""
    services = sorted(set(lost.values()))
    evidence = {
        "source": source,
        "since": epoch(now),
        "objectives": {name: str(was[name].noted or "") for name in sorted(lost)},
        "services": services,
        "reasons": dict(reasons),
    }
    reason = f"no answer for {_many(lost, services)}: {first}{more}"
    row = books.history.append(
        Decision(Event.OUTAGE_BEGAN, now, BURNBAN, f"source:{source}", reason, evidence)
    )
    return dict.fromkeys(lost, row.seq)


def settle(
    books: Books, catalog: Catalog, outages: Iterable[int], polled: Sequence[str], now: datetime
) -> None:
    """Note of these outages what is over: the outage itself, once the source answers for all that
    it had cut off, and what can be judged again after that. `polled`: objectives to look at."""
    left = books.standings.leave(polled)
    numbers = sorted({*outages, *left.values()})
    if numbers:
        books.history.hold()
    for number in numbers:
        back = [name for name, outage in left.items() if outage == number]
        _settle(books, catalog, number, back, now)


def _settle(
    books: Books, catalog: Catalog, number: int, back: Sequence[str], now: datetime
) -> None:
    found = books.history.find(HistoryFilter(before=number + 1, limit=1))
    if not found or found[0].seq != number:
        return  # it was moved out of the history meanwhile
    began = found[0].decision
    service_of = {o.id: o.service for o in catalog.objectives}
    members = [name for name in began.evidence["objectives"] if name in service_of]
    states = [s for s in books.standings.get(members).values() if s.outage == number]
    if any(state.fault for state in states) or _ended(books, number, began):
        if back:
            services = sorted({service_of[name] for name in back})
            reason = f"{_many(back, services)} can be judged again"
            _note(books, Event.JUDGED_AGAIN, began, number, sorted(back), services, reason, {}, now)
        return
    lasted = int((now - began.at).total_seconds())
    waiting = sorted(state.objective for state in states)
    names, services = sorted(began.evidence["objectives"]), began.evidence["services"]
    reason = f"it answers again after {span(lasted)}: {_many(names, services)}"
    if waiting:
        reason += f"; {len(waiting):,} of them cannot be judged yet"
    more = {"since": epoch(began.at), "until": epoch(now), "waiting": waiting}
    _note(books, Event.OUTAGE_ENDED, began, number, names, services, reason, more, now)


def _ended(books: Books, number: int, began: Decision) -> bool:
    ends = HistoryFilter(
        scopes=(began.scope,), events=(Event.OUTAGE_ENDED,), after=number, limit=_LOOK
    )
    return any(row.decision.evidence["outage"] == number for row in books.history.find(ends))


def _note(
    books: Books,
    event: Event,
    began: Decision,
    number: int,
    names: Sequence[str],
    services: Sequence[str],
    reason: str,
    more: Mapping[str, Any],
    now: datetime,
) -> None:
    evidence = {
        "source": began.evidence["source"],
        "outage": number,
        "objectives": list(names),
        "services": list(services),
        **more,
    }
    books.history.append(Decision(event, now, BURNBAN, began.scope, reason, evidence))


def _many(names: Collection[str], services: Collection[str]) -> str:
    objectives = f"{len(names):,} objective" + ("" if len(names) == 1 else "s")
    return f"{objectives} of {len(services):,} service" + ("" if len(services) == 1 else "s")
