"""What somebody says through a feed: checked, stored, and posted to the accounts that count it."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice

from bot.decide.caller import Caller
from bot.decide.catalog import Catalog
from bot.decide.gate_answer import Asked, Outcome
from bot.decide.people import Actor
from bot.errors import Contradicted, Forbidden, NoSuch, UserError
from bot.flow.alike import alike
from bot.flow.facts import Facts
from bot.flow.poll.restate import Restated, restate
from bot.flow.poll.unreleased import unreleased
from bot.judge.batch import Form, misfit, unnamed
from bot.judge.doubled import doubled
from bot.judge.indicator import Counted, Fed, Labelled, Scored, feed_of
from bot.judge.observation import Change, Observation, Wrong, went_down, wrongs
from bot.judge.thinning import DAY, LONGEST
from bot.ports import Books, Clock, Record

REMEMBERED = timedelta(days=1)
"""For how long a request that comes again with its Idempotency-Key gets the same answer."""
WIDEST = 31 * DAY
"""Seconds of one observation."""
Row = tuple[int, Observation]
"""With its place in the batch."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that was not taken."""

    index: int
    field: str
    rule: str


@dataclass(frozen=True)
class Batch:
    """What somebody pushes at once."""

    feed: str
    rows: Sequence[Row]
    refused: Sequence[Refusal] = ()
    """What could not even be read."""
    atomic: bool = False
    """All or nothing; else what is sound is taken."""
    once: str = ""
    """Idempotency-Key."""
    digest: str = ""
    """Of the whole request: a key stands for one."""


@dataclass(frozen=True)
class Intake:
    """What became of some rows."""

    taken: int
    changed: int
    refused: tuple[Refusal, ...] = ()
    restated: tuple[Restated, ...] = field(default=())


class Refused(UserError):
    """A batch that was to be taken as a whole has faults; nothing of it was stored."""

    def __init__(self, feed: str, refusals: Sequence[Refusal]) -> None:
        self.refusals = tuple(refusals)
        rows = len({one.index for one in refusals})
        which = "1 row is" if rows == 1 else f"{rows:,} rows are"
        sentence = f"{which} refused, so nothing was taken for {feed}."
        super().__init__(sentence, "mend them, or push with atomic: false")


@dataclass(frozen=True)
class Receive:
    """The flow behind POST /v1/slices and `burnban push`."""

    record: Record
    clock: Clock
    catalog: Callable[[], Catalog]
    ops: str = ""

    def run(self, batch: Batch, caller: Caller) -> Facts:
        """What was taken and what was not. Raises NoSuch, Forbidden, Contradicted, Refused."""
        catalog, now = self.catalog(), self.clock.now()
        _may(catalog, batch.feed, caller)
        told = f"{caller.actor.id}\n{batch.once}"
        key = f"slices:{hashlib.sha256(told.encode()).hexdigest()}" if batch.once else ""

        def work(books: Books) -> Facts:
            kept = books.answers.find([key]).get(key) if key else None
            if kept is not None and kept.question != batch.digest:
                sentence = "This Idempotency-Key was used for another batch."
                raise Contradicted(sentence, "a new key for each batch")
            if kept is not None and now < kept.valid_until:
                said: Facts = json.loads(kept.body)
                return said
            found = take(books, catalog, batch, caller.actor, now, self.ops)
            facts = receipt(batch.feed, found)
            if key:
                books.answers.put([_kept(key, batch.digest, facts, now)])
            return facts

        return self.record.write(work)


def take(
    books: Books, catalog: Catalog, batch: Batch, by: Actor, now: datetime, ops: str = ""
) -> Intake:
    """Store what is sound and post it. Raises Refused where all was to be taken or nothing."""
    sound, refused = checked(books, catalog, batch.feed, batch.rows, now)
    refusals = sorted([*batch.refused, *refused], key=lambda one: one.index)
    if refusals and batch.atomic:
        raise Refused(batch.feed, refusals)
    changes = books.observations.put(batch.feed, [row for _, row in sound], now)
    restated = restate(books, catalog, batch.feed, changes, by, now, ops)
    return Intake(len(sound), len(changes), tuple(refusals), tuple(restated))


def receipt(feed: str, found: Intake) -> Facts:
    """As the API says it."""
    return {
        "feed": feed,
        "taken": found.taken,
        "changed": found.changed,
        "refused": [
            {"index": one.index, "field": one.field, "rule": one.rule} for one in found.refused
        ],
        "restated": [
            {"objective": one.objective.id, "slices": len(one.corrections)}
            for one in found.restated
        ],
    }


def checked(
    books: Books, catalog: Catalog, feed: str, rows: Sequence[Row], now: datetime
) -> tuple[list[Row], list[Refusal]]:
    """Those that can be believed, and what is wrong with each of the others."""
    faults: dict[int, list[Wrong]] = {}
    wanted, drift = _wanted(catalog, feed), _tells_of_drift(catalog, feed)
    at = int(now.timestamp())
    for index, row in rows:
        if found := wrongs(row, at) or [*_old(row, at), *_unwanted(row, *wanted, drift=drift)]:
            faults[index] = found
    sound = [(index, row) for index, row in rows if index not in faults]
    for index, wrong in (*unreleased(books, catalog, feed, sound), *_against(books, feed, sound)):
        faults.setdefault(index, []).append(wrong)
    refusals = [
        Refusal(index, wrong.field, wrong.rule)
        for index, found in sorted(faults.items())
        for wrong in found
    ]
    return [(index, row) for index, row in sound if index not in faults], refusals


def services_of_feed(catalog: Catalog, feed: str) -> set[str]:
    """Whose objectives count it."""
    return {one.service for one in catalog.objectives if feed in one.feeds}


def _wanted(catalog: Catalog, feed: str) -> tuple[set[type], set[Form]]:
    """What its objectives count, and the scales of its scores; an estimate is a score that is only
    shown, and is a share."""
    fed = [one.indicator for one in catalog.objectives if feed_of(one.indicator) == feed]
    kinds: set[type] = {type(one) for one in fed}
    forms = {Form(one.form) for one in fed if isinstance(one, Scored)}
    if any(one.estimate == feed for one in catalog.objectives):
        return kinds | {Scored}, forms | {Form.SHARE}
    return kinds, forms


def _tells_of_drift(catalog: Catalog, feed: str) -> bool:
    return any(one.drift and feed_of(one.indicator) == feed for one in catalog.objectives)


def _may(catalog: Catalog, feed: str, caller: Caller) -> None:
    services = services_of_feed(catalog, feed)
    if not caller.rights.may_push(feed, services):
        sentence = f"This token may not push to {feed}."
        raise Forbidden(sentence, f"a token with the scope slices:push:{feed}")
    if services:
        return
    known = sorted({name for one in catalog.objectives for name in one.feeds})
    near = alike(feed, known, 1)
    example = f"did you mean {near[0]}?" if near else f"there is: {', '.join(known)}"
    sentence = f"No objective counts a feed {feed}."
    raise NoSuch(sentence, example if known else "name it in an SLO: docs/quality.md")


def _old(row: Observation, now: int) -> Iterator[Wrong]:
    if row.end < now - LONGEST:
        yield Wrong("end", f"lies more than {LONGEST // DAY} days back: no budget is that old")
    if row.end - row.start > WIDEST:
        yield Wrong("start", f"lies more than {WIDEST // DAY} days before end: say it in parts")


_WANTS: dict[type[Fed], tuple[str, str]] = {
    Labelled: ("tp", "tp, fp, fn, tn"),
    Counted: ("eligible", "eligible, bad"),
    Scored: ("value", "value, n"),
}


def _unwanted(
    row: Observation, kinds: Iterable[type], forms: Iterable[Form], *, drift: bool
) -> Iterator[Wrong]:
    """Figures that no objective of the feed counts would vanish without a word."""
    wanted = [_WANTS[kind] for kind in _WANTS if kind in kinds]
    if all(getattr(row, name) is None for name, _ in wanted):
        names = " or ".join(names for _, names in wanted)
        yield Wrong(names, "is what the objectives of this feed count, and it is missing")
    yield from islice((wrong for form in forms if (wrong := misfit(row, form))), 1)
    if drift and (lacking := unnamed(row)):
        yield lacking


def _against(books: Books, feed: str, rows: Sequence[Row]) -> Iterator[tuple[int, Wrong]]:
    """What does not go with what was said before."""
    if not rows:
        return
    since, until = min(row.start for _, row in rows), max(row.end for _, row in rows)
    known = [one for one in books.observations.of(feed, since, until + WIDEST) if one.start < until]
    for index, other in doubled(known, rows):
        rule = f"overlaps {_stretch(other)}, which was said already: its events would count twice"
        yield index, Wrong("start, end", rule)
    before = {one.key: one for one in known}
    for index, row in rows:
        found = went_down(Change(before.get(row.key), row))
        yield from ((index, wrong) for wrong in found)
        if not found:
            before[row.key] = row  # of two in one batch the later must not fall behind the first


def _stretch(row: Observation) -> str:
    ends = [datetime.fromtimestamp(at, UTC) for at in (row.start, row.end)]
    return " to ".join(f"{end:%Y-%m-%dT%H:%M:%SZ}" for end in ends)


def _kept(key: str, digest: str, facts: Facts, now: datetime) -> Asked:
    body = json.dumps(facts)
    return Asked(key, digest, "slices", Outcome.ALLOW, 0, (), body, now, now + REMEMBERED)
