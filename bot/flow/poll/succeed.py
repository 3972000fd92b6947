"""Changed specs take the place of former ones: what must not change by that, and what ends."""

from collections.abc import Sequence
from datetime import datetime

from bot.decide.catalog import Catalog
from bot.decide.decision import Decision, Event
from bot.decide.freeze import Freeze
from bot.decide.people import BURNBAN
from bot.decide.scope import Reach, Scope
from bot.errors import Fault, SpecError
from bot.flow.facts import channels_of, scope_words
from bot.flow.poll.bundle import Bundle, tell
from bot.flow.poll.case import Told, topic_of
from bot.flow.poll.outage import settle
from bot.judge.objective import Objective
from bot.ports import Act, Books, Episode, Outgoing


def refuse_to_unfreeze(former: Catalog, catalog: Catalog, freezes: Sequence[Freeze]) -> None:
    """A freeze is lifted by people, never by an edit of a file. Raises SpecError naming the freezes
    that would lose a service which the new specs still have."""
    faults = [
        Fault(
            f"freeze {freeze.id}",
            "",
            f"of {scope_words(freeze.scope)} would no longer hold {', '.join(lost)}.",
            "Lift the freeze first, or leave the service where it is until it is over.",
        )
        for freeze in freezes
        if not freeze.monitored and (lost := _lost(former, catalog, freeze))
    ]
    if faults:
        raise SpecError(faults)


def _lost(former: Catalog, catalog: Catalog, freeze: Freeze) -> list[str]:
    return sorted(
        name
        for name in former.services
        if former.covers(freeze.scope, name)
        and name in catalog.services
        and not catalog.covers(freeze.scope, name)
    )


def take_leave(books: Books, former: Catalog, catalog: Catalog, ops: str, now: datetime) -> None:
    """Close the episodes of objectives that are gone, and record which specs are in force."""
    present = {objective.id for objective in catalog.objectives}
    gone = {one.id: one for one in former.objectives if one.id not in present}
    bundles: dict[int, Bundle] = {}
    if gone:
        books.history.hold()
    for name, episode in books.episodes.currents(list(gone)).items():
        books.episodes.close(episode.id, now)
        if episode.summary is None:
            _say_gone(books, former, gone[name], episode, ops, now)
            continue
        if episode.summary not in bundles:
            bundles[episode.summary] = Bundle.of(books, episode.summary)
        bundles[episode.summary].leave(gone[name], episode)
    for bundle in bundles.values():
        tell(books, Told(catalog, "", ops, now), bundle)
    _end_outages(books, catalog, list(gone), now)
    # Every replica takes the same change into force: one of them records it.
    change = f"specs:{former.version}:{catalog.version}:{now:%FT%H}"
    if former.version != catalog.version and books.receipts.first_time(change, now):
        evidence = {"objectives": len(catalog.objectives), "version": catalog.version}
        reason = "changed spec files are in force"
        books.history.append(
            Decision(Event.SPECS_CHANGED, now, BURNBAN, "all", reason, evidence, catalog.version)
        )


def _end_outages(books: Books, catalog: Catalog, gone: Sequence[str], now: datetime) -> None:
    """Nobody asks a source for them any more: an outage does not wait for them."""
    standings = books.standings.get(gone).values() if gone else ()
    cut_off = {one.outage for one in standings if one.outage and one.fault}
    if cut_off:
        settle(books, catalog, cut_off, [], now)


def _say_gone(
    books: Books, former: Catalog, objective: Objective, episode: Episode, ops: str, now: datetime
) -> None:
    scope = Scope(Reach.SERVICE, objective.service)
    for channel in channels_of(former, scope, ops)[:1]:
        topic = topic_of(episode)
        name = objective.title or objective.name
        facts = {
            "text": f"“{name}” is no longer in the spec files: this warning is closed.",
            "ok": True,
            "example": "",
            "next": "Nobody watches this budget any more.",
        }
        message = Outgoing(f"{topic}:gone", channel, topic, Act.REPLY, "answer", facts)
        books.outbox.put(message, now)
