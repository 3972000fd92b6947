"""Ask for time to be taken out of a budget, or to be put back: people decide."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.decide.adjustment import Adjustment, nearest_cause, read_cause, widened
from bot.decide.approval import Request, Stretch, Wish
from bot.decide.catalog import Catalog
from bot.decide.decision import Decision, Event
from bot.decide.freeze import Origin
from bot.decide.people import Actor
from bot.decide.quorum import needs_words
from bot.decide.scope import Reach, Scope
from bot.errors import UserError
from bot.flow.adjust.adjusted import SHOWN, figure_row, figures, stretch_evidence
from bot.flow.announce import announce_request
from bot.flow.ask.asking import now_waiting
from bot.flow.ask.request import MAX_REASON, AskFor, Outcome
from bot.flow.ask.shortage import Prospect, prospect
from bot.flow.ask.twin import refuse_twin
from bot.flow.facts import asked_in, epoch, scope_words
from bot.flow.once import once_only
from bot.judge.dates import instant
from bot.judge.objective import Objective
from bot.judge.reason import span
from bot.judge.thinning import LONGEST
from bot.ports import Books

EXAMPLE = "/budget adjust ranker from yesterday 14:00 to 16:00 the network was down"
MOST = timedelta(days=31)
"""The longest stretch that one request may take out."""
AHEAD = timedelta(days=366)
"""Maintenance is planned no further ahead."""


@dataclass(frozen=True, slots=True)
class TakeOut:
    """What somebody wants to be taken out."""

    word: str
    """A service, one of its objectives (`ranker/latency`), a team, all …"""
    start: datetime
    end: datetime
    words: str
    """The outside cause, where the policy names such, and then why."""


@dataclass(frozen=True, slots=True)
class PutBack:
    """What somebody wants to be put back."""

    adjustment: int
    reason: str


@dataclass(frozen=True, slots=True)
class _Plea:
    """Either of them, understood."""

    scope: Scope
    stretch: Stretch
    reason: str
    wider: bool = False
    """Whether it was widened to whole slices."""


@dataclass(frozen=True)
class AskToAdjust:
    """The flow behind /budget adjust, its form, and the same in the terminal. It always takes
    somebody else's approval."""

    ask: AskFor

    def run(self, wanted: TakeOut | PutBack, actor: Actor, once: str = "") -> Outcome:
        """Put a request before the deciders. Raises UserError; Repeated if this was acted upon
        already."""
        catalog = self.ask.catalog()
        actor = catalog.known(actor)
        plea = self._understood(catalog, wanted)
        if len(plea.reason) > MAX_REASON:
            raise UserError(f"The reason is too long; {MAX_REASON} characters at most.")
        asked = catalog.policy_for(plea.scope).approvals
        quorum = asked.adjust
        standing = self.ask.standing(catalog, plea.scope, actor, quorum)
        if standing is not None and standing.person.outsider is not None:
            raise UserError(f"You cannot ask for this here: {standing.person.outsider}.")
        if not asked_in(catalog, plea.scope, self.ask.ops_channel):
            reach = scope_words(plea.scope)
            sentence = (
                f"Nobody could be asked: neither the operators nor a team of {reach} has a channel."
            )
            raise UserError(sentence, "set a channel for the team in the spec files")
        directory, by = self.ask.directory, actor.id
        may = prospect(directory, catalog, plea.scope, by, quorum, asked.fallback)
        work = once_only(
            once,
            self.ask.clock,
            lambda books: self._put(
                books, catalog, plea, actor, may, decides=bool(standing and standing.groups)
            ),
        )
        return self.ask.record.write(work)

    def _understood(self, catalog: Catalog, wanted: TakeOut | PutBack) -> _Plea:
        if isinstance(wanted, TakeOut):
            return _taking_out(catalog, wanted, self.ask.clock.now())
        return self.ask.record.read(lambda books: _putting_back(books, wanted))

    def _put(
        self,
        books: Books,
        catalog: Catalog,
        plea: _Plea,
        actor: Actor,
        may: Prospect,
        *,
        decides: bool,
    ) -> Outcome:
        books.history.hold()
        now = self.ask.clock.now()
        policy = catalog.policy_for(plea.scope)
        quorum, stretch = policy.approvals.adjust, plea.stretch
        _refuse_twin(books, plea, actor, now, decides=decides)
        more = () if stretch.reverses else (stretch,)
        found = figures(books, catalog, stretch.objectives, now, more=more, less=stretch.reverses)
        rows = [figure_row(figure) for figure in found]
        shown = {"rows": rows[:SHOWN], "more": max(0, len(rows) - SHOWN), "at": epoch(now)}
        expires = now + timedelta(seconds=policy.approvals.expires)
        request = Request(
            0, Wish.ADJUST, plea.scope, plea.reason, actor, Origin.MANUAL, quorum, now, expires,
            evidence=shown, stretch=stretch, escalated_at=now if may.escalated else None,
            shortage=may.sentence if may.stuck else "",
        )  # fmt: skip
        stored = books.requests.add(request)
        evidence = {
            "request": stored.id,
            "needed": needs_words(quorum.needs),
            **stretch_evidence(stretch),
            "figures": rows,
        }
        books.history.append(
            Decision(
                Event.ADJUSTMENT_REQUESTED, now, actor, str(plea.scope), plea.reason, evidence,
                policy.version,
            )
        )  # fmt: skip
        announce_request(books, catalog, self.ask.ops_channel, stored, [], now)
        return _asked(plea, stored, may.sentence)


def _taking_out(catalog: Catalog, wanted: TakeOut, now: datetime) -> _Plea:
    scope, objectives = _meant(catalog, wanted.word)
    _check(wanted, now)
    cause, reason = _said(catalog, scope, objectives, wanted)
    steps = {objective.step for objective in objectives}
    start, end = widened(wanted.start, wanted.end, steps, now)
    names = tuple(objective.id for objective in objectives)
    wider = (start, end) != (wanted.start, wanted.end)
    return _Plea(scope, Stretch(start, end, names, cause), reason, wider)


def _meant(catalog: Catalog, word: str) -> tuple[Scope, tuple[Objective, ...]]:
    """The scope whose people decide, and the objectives."""
    one = next((o for o in catalog.objectives if o.id == word), None)
    if one is not None:
        return Scope(Reach.SERVICE, one.service), (one,)
    service = word.rpartition("/")[0]
    if service in catalog.services:
        names = [o.id for o in catalog.objectives_in(Scope(Reach.SERVICE, service))]
        sentence = f"There is no objective `{word}`."
        raise UserError(sentence, f"{(names or [service])[0]}, or {service} for all of them")
    scope = catalog.scope(word)
    found = catalog.objectives_in(scope)
    if not found:
        raise UserError(f"{scope_words(scope)} has no objectives.", "/budget status")
    return scope, found


def _check(wanted: TakeOut, now: datetime) -> None:
    if wanted.end <= wanted.start:
        raise UserError("That time ends before it begins.", EXAMPLE)
    if wanted.end - wanted.start > MOST:
        sentence = f"That is too much for one request: {MOST.days} days at most."
        raise UserError(sentence, EXAMPLE)
    if wanted.start < now - timedelta(seconds=LONGEST) or wanted.end > now + AHEAD:
        raise UserError("That is too far from today: nothing is counted then.", EXAMPLE)


def _said(
    catalog: Catalog, scope: Scope, objectives: tuple[Objective, ...], wanted: TakeOut
) -> tuple[str, str]:
    """Cause and reason. Where policies name causes, each of them must name this one."""
    named = [set(p) for o in objectives if (p := catalog.policy_of(o).outside_causes)]
    causes = sorted(set.intersection(*named)) if named else []
    if named and not causes:
        sentence = f"The policies of {scope_words(scope)} have no outside cause in common."
        raise UserError(sentence, "ask for one service at a time")
    words = wanted.words.strip().strip("\"'“”").strip()
    found = read_cause(words, causes)
    if found is None:
        listed = ", ".join(f"`{cause}`" for cause in causes)
        near = nearest_cause(words, causes)
        sentence = f"The policy takes time out for these causes only: {listed}. Write one first."
        raise UserError(sentence, _example(wanted, near))
    if not found.reason:
        raise UserError("A reason is missing: others will read it.", _example(wanted, found.cause))
    return found.cause, found.reason


def _example(wanted: TakeOut, cause: str) -> str:
    said = " ".join(part for part in (cause, wanted.words or "the network was down") if part)
    start, end = (f"{at.astimezone(UTC):%FT%H:%MZ}" for at in (wanted.start, wanted.end))
    return f"/budget adjust {wanted.word} from {start} to {end} {said}"


def _putting_back(books: Books, wanted: PutBack) -> _Plea:
    adjustment = known(books, wanted.adjustment)
    if adjustment.reversed_at is not None:
        at = instant(adjustment.reversed_at)
        sentence = f"Adjustment {adjustment.id} was reversed already ({at})."
        raise UserError(sentence, "/budget adjustments")
    asked = books.requests.get(adjustment.request)
    scope = asked.scope if asked is not None else Scope(Reach.ALL)
    old = adjustment.stretch
    stretch = Stretch(old.start, old.end, old.objectives, old.cause, reverses=adjustment.id)
    return _Plea(scope, stretch, wanted.reason)


def known(books: Books, number: int) -> Adjustment:
    """The adjustment of that number. Raises UserError."""
    found = books.adjustments.get(number)
    if found is None:
        raise UserError(f"There is no adjustment {number}.", "/budget adjustments")
    return found


def _refuse_twin(books: Books, plea: _Plea, actor: Actor, now: datetime, *, decides: bool) -> None:
    """One open request for one thing; and what is out of a budget cannot be taken out again."""
    for other in books.requests.pending(now):
        if other.wish is Wish.ADJUST and other.stretch == plea.stretch:
            raise refuse_twin(other, actor, decides=decides)
    wanted = plea.stretch
    if wanted.reverses is not None:
        return
    for one in books.adjustments.holding():
        whole = one.stretch.start <= wanted.start and wanted.end <= one.stretch.end
        if whole and set(wanted.objectives) <= set(one.stretch.objectives):
            sentence = f"All of that is taken out already, by adjustment {one.id}."
            raise UserError(sentence, "/budget adjustments")


def words_of(stretch: Stretch) -> str:
    """`2 h, from Mon 2 Mar 2026, 14:00 UTC to Mon 2 Mar 2026, 16:00 UTC`."""
    length = span(int((stretch.end - stretch.start).total_seconds()))
    return f"{length}, from {instant(stretch.start)} to {instant(stretch.end)}"


def _asked(plea: _Plea, request: Request, lacking: str) -> Outcome:
    needed = needs_words(request.quorum.needs)
    if needed.isdecimal():
        people = "1 approval" if needed == "1" else f"{needed} approvals"
    else:
        people = f"approval by {needed}"
    stretch, scope = plea.stretch, scope_words(plea.scope)
    if len(stretch.objectives) == 1:
        scope = f"{stretch.objectives[0]}"
    if stretch.reverses is not None:
        what = f"put back into the budget of {scope} what adjustment {stretch.reverses} took out"
        keep = "Until then it stays out."
    else:
        what = f"take {words_of(stretch)}, out of the budget of {scope}"
        keep = "Until then it counts."
    if plea.wider:
        keep = f"It is widened to whole slices. {keep}"
    sentence = f"Asked to {what} (request {request.id}): it needs {people}. {keep}"
    return Outcome(sentence, now_waiting(lacking), request=request)
