"""Pages of the history, and what part of it somebody means."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.decide.catalog import Catalog
from bot.decide.decision import Chained, Decision, Event
from bot.decide.people import Actor
from bot.decide.scope import EVERYTHING, Reach, Scope
from bot.errors import UserError
from bot.flow.alike import alike
from bot.flow.facts import Facts, epoch, place_words, services_of
from bot.flow.show.spoken import asked_by, grounds_of, text_of
from bot.judge.dates import instant
from bot.ports import Books, HistoryFilter, Record


@dataclass(frozen=True, slots=True)
class Question:
    """A part of the history as people name it; empty fields do not filter."""

    word: str = "all"
    """A service, a team, or another scope."""
    kinds: tuple[Event, ...] = ()
    by: str = ""
    """A person: id, name, e-mail address or login."""
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None
    after: int | None = None

    @property
    def words(self) -> str:
        """The words that ask for the same again, from the newest on."""
        kinds = f"kind {','.join(self.kinds)}" if self.kinds else ""
        by = f"by {self.by}" if self.by else ""
        since = f"since {_iso(self.since)}" if self.since else ""
        until = f"until {_iso(self.until)}" if self.until else ""
        return " ".join(part for part in (self.word, kinds, by, since, until) if part)


@dataclass(frozen=True)
class Browse:
    """The flow behind `/budget history`, the terminal's `history`, and exports."""

    record: Record
    catalog: Callable[[], Catalog]

    def page(self, asked: Question, limit: int = 10) -> Facts:
        """A page, newest first, and the way to its neighbours."""
        catalog = self.catalog()

        def look(books: Books) -> tuple[list[Chained], HistoryFilter]:
            wanted = meant(books, catalog, asked, limit + 1)
            return books.history.find(wanted), wanted

        found, wanted = self.record.read(look)
        upwards = wanted.after is not None
        rows = found[-limit:] if upwards else found[:limit]
        more = len(found) > limit
        older = rows[-1].seq if rows and (more or upwards) else None
        newer = rows[0].seq if rows and (more if upwards else wanted.before is not None) else None
        return {
            "rows": [_row(chained) for chained in rows],
            "filter": "all" if asked.word.lower() == "all" else asked.word,
            "query": asked.words,
            "narrowed": _narrowed(asked),
            "next_before": older,
            "previous_after": newer,
        }


def meant(books: Books, catalog: Catalog, asked: Question, limit: int) -> HistoryFilter:
    """What is to be looked for. Raises UserError for a scope or a person nobody knows."""
    scopes, services = _scopes(books, catalog, asked.word)
    return HistoryFilter(
        scopes=scopes,
        services=services,
        events=asked.kinds,
        actors=_actors(books.history.people(), asked.by) if asked.by else (),
        since=asked.since,
        until=asked.until,
        before=asked.before,
        after=asked.after,
        limit=limit,
    )


def _scopes(books: Books, catalog: Catalog, word: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The scopes on record that reach what the word means, or lie inside it, and the services that
    it means. What has left the specs is still found under its own name."""
    if word.lower() == "all":
        return (), ()
    recorded = books.history.scopes()
    try:
        scope = catalog.scope(word)
    except UserError:
        gone = tuple(known for known in recorded if word in (known, known.partition(":")[2]))
        if not gone:
            raise
        return gone, (word.partition(":")[2] or word,)
    services = tuple(services_of(catalog, scope))
    wider = (str(EVERYTHING), str(scope))
    named = frozenset(services)
    inside = (known for known in recorded if _touches(catalog, known, named))
    return tuple(dict.fromkeys((*wider, *inside))), services


def _touches(catalog: Catalog, known: str, services: frozenset[str]) -> bool:
    try:
        scope = Scope.parse(known)
    except ValueError:
        return False
    if scope.reach is Reach.SERVICE:
        return scope.name in services
    return any(catalog.covers(scope, service) for service in services)


def _actors(people: Iterable[Actor], by: str) -> tuple[str, ...]:
    """The ids of all who bear the name; the same person may have come through several doors."""
    word = by.lower().removeprefix("@")
    names = {name: actor.id for actor in people for name in _names(actor)}
    found = {actor.id for actor in people if word in _names(actor)}
    if found:
        return tuple(sorted(found))
    near = alike(word, names)
    hint = f" Did you mean {' or '.join(f'`{name}`' for name in near)}?" if near else ""
    example = f"/budget history by {near[0]}" if near else "/budget history"
    raise UserError(f"Nobody called `{by}` is on record.{hint}", example)


def _names(actor: Actor) -> set[str]:
    """All that a person may be called by."""
    known = [actor.id, actor.name, actor.id.partition(":")[2]]
    for pair in actor.identity.split():
        known += [pair, pair.partition(":")[2]]
    return {name.lower() for name in known if name}


def _narrowed(asked: Question) -> str:
    """What part of the history is shown, for people; empty for all of it."""
    parts = [
        f"about {asked.word}" if asked.word.lower() != "all" else "",
        f"of the kind {', '.join(asked.kinds)}".replace("_", " ") if asked.kinds else "",
        f"by {asked.by}" if asked.by else "",
        f"since {instant(asked.since)}" if asked.since else "",
        f"before {instant(asked.until)}" if asked.until else "",
    ]
    return ", ".join(part for part in parts if part)


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


_OWN = frozenset(
    {
        Event.RELEASE_ALLOWED,
        Event.RELEASE_STOPPED,
        Event.RELEASE_NOTED,
        Event.RELEASE_UNGATED,
        Event.RESTATED,
        Event.ROLLBACK_ADVISED,
        Event.HISTORY_PRUNED,
    }
)
"""What Burnban puts in words itself: instants in it are told as the reader's clock has them. The
others hold what people wrote, and stay as they wrote it."""


def _row(chained: Chained) -> Facts:
    decision = chained.decision
    return {
        "seq": chained.seq,
        "at": epoch(decision.at),
        "event": str(decision.event),
        "who": decision.actor.id,
        "who_name": decision.actor.name,
        "identity": decision.actor.identity,
        "via": str(decision.actor.door),
        "scope": _place(decision.scope),
        "objective": decision.objective,
        "about": _about(decision),
        "text": decision.reason,
        "own": decision.event in _OWN,
        "evidence": dict(decision.evidence),
        "grounds": grounds_of(decision.evidence, decision.reason),
        "told": text_of(decision),
        "asked_by": asked_by(decision),
        "policy": decision.policy,
        "hash": chained.hash[:12],
    }


def _about(decision: Decision) -> str:
    """`service ranker`, `service ranker, latency`."""
    place = _place(decision.scope)
    name = decision.objective.removeprefix(f"{place.removeprefix('service ')}/")
    return f"{place}, {name}" if name else place


def _place(scope: str) -> str:
    try:
        return place_words(scope)
    except ValueError:
        return scope
