"""The messages about a freeze beside those of its setting and lifting: that it comes, has begun, is
called off, is edited, still stands."""

from collections.abc import Sequence
from datetime import datetime

from bot.decide.approval import Request, Vote
from bot.decide.catalog import Catalog
from bot.decide.freeze import Freeze, FreezeVersion, Origin
from bot.decide.people import Actor
from bot.flow.announce import freeze_facts
from bot.flow.facts import Facts, channels_of, epoch
from bot.flow.freeze.origin import set_by
from bot.flow.freeze.over import Over, tell_over
from bot.flow.freeze.past import Past, correct
from bot.flow.freeze.thread import own_topic, replies_of, thread_of, threads_of
from bot.flow.poll.unwatched import why_stuck
from bot.ports import Act, Books, Outgoing, Told


def foretell(books: Books, catalog: Catalog, ops: str, freeze: Freeze, now: datetime) -> None:
    """A freeze of a schedule comes: the first message about it."""
    _head(books, catalog, ops, freeze, "freeze_ahead", now)


def tell_begin(
    books: Books, catalog: Catalog, ops: str, freeze: Freeze, now: datetime, *, noticed: bool
) -> None:
    """A freeze of a schedule has begun: under its notice, which says so from now on, and in the
    channel."""
    if noticed:
        _restate(books, catalog, ops, freeze, "freeze_begun", now)
        _reply(books, catalog, ops, freeze, "freeze_begun", {}, now, mark="begun")
    else:
        _head(books, catalog, ops, freeze, "freeze_begun", now)


def tell_cancelled(
    books: Books, catalog: Catalog, ops: str, freeze: Freeze, by: Actor, why: str, now: datetime
) -> None:
    """A freeze whose coming was told will not begin."""
    more = {"by": by.id, "by_name": by.name, "why": why}
    _reply(books, catalog, ops, freeze, "freeze_cancelled", more, now, mark="cancelled")
    said = {"ended_by": by.id, "ended_name": by.name, "why": why, "votes": [], "still_frozen": []}
    places = [(freeze, channel) for channel in channels_of(catalog, freeze.scope, ops)]
    past = [
        Past(freeze, channel, thread, "freeze_cancelled", said)
        for (_, channel), thread in zip(places, threads_of(books, places), strict=True)
    ]
    correct(books, catalog, ops, past, [], now)


def tell_lifts(
    books: Books,
    catalog: Catalog,
    ops: str,
    freezes: Sequence[Freeze],
    request: Request,
    votes: Sequence[Vote],
    now: datetime,
) -> None:
    """People have lifted freezes, or called off some that were still to come: then those are told
    who knew of them."""
    by, why = request.requester, request.reason
    begun = [freeze for freeze in freezes if freeze.starts_at <= now]
    lifted = [Over(freeze, "lifted", by, votes, why) for freeze in begun]
    tell_over(books, catalog, ops, lifted, now)
    for freeze in freezes:
        if freeze.starts_at > now and books.schedules.told(freeze.id) is not Told.NOTHING:
            tell_cancelled(books, catalog, ops, freeze, by, why, now)


def tell_edit(
    books: Books,
    catalog: Catalog,
    ops: str,
    freeze: Freeze,
    former: FreezeVersion,
    approvals: Sequence[Vote],
    now: datetime,
) -> None:
    """A freeze is another one from now on: its first message says so, and a new one says what has
    changed. One of which nobody has heard yet is told when it comes."""
    told = books.schedules.told(freeze.id)
    if told is Told.NOTHING:
        return
    _restate(books, catalog, ops, freeze, _head_of(freeze, told), now)
    _outdate(books, catalog, ops, freeze, now)
    by = former.replaced_by
    more = {
        "editor": by.id,
        "editor_name": by.name,
        "why": former.why,
        "former_reason": former.reason,
        "former_until": epoch(former.ends_at),
        "approvals": freeze_facts(catalog, freeze, approvals)["approvals"],
    }
    mark = f"edited:{freeze.version}"
    _reply(books, catalog, ops, freeze, "freeze_edited", more, now, mark=mark)


def bring_to_mind(books: Books, catalog: Catalog, ops: str, freeze: Freeze, now: datetime) -> None:
    """A freeze without an end still stands: in its thread, to whoever set it."""
    days, stuck = (now - freeze.starts_at).days, why_stuck(catalog, freeze)
    facts = freeze_facts(catalog, freeze, ()) | {"days": days, "stuck": stuck}
    for channel in channels_of(catalog, freeze.scope, ops)[:1]:
        key = f"{own_topic(freeze, channel)}:reminder:{epoch(now)}"
        thread = thread_of(books, freeze, channel)
        message = Outgoing(key, channel, thread, Act.REPLY, "freeze_reminder", facts)
        books.outbox.put(message, now)


def _head(
    books: Books, catalog: Catalog, ops: str, freeze: Freeze, template: str, now: datetime
) -> None:
    facts = freeze_facts(catalog, freeze, ())
    for channel in channels_of(catalog, freeze.scope, ops):
        topic = own_topic(freeze, channel)
        books.outbox.put(Outgoing(topic, channel, topic, Act.POST, template, facts), now)


def _restate(
    books: Books, catalog: Catalog, ops: str, freeze: Freeze, template: str, now: datetime
) -> None:
    """Its first message says this from now on."""
    facts = freeze_facts(catalog, freeze, set_by(books, freeze))
    for channel in channels_of(catalog, freeze.scope, ops):
        topic = own_topic(freeze, channel)
        if thread_of(books, freeze, channel) == topic:  # else it stands in the thread of many
            edit = Outgoing(f"{topic}:edit", channel, topic, Act.EDIT, template, facts)
            books.outbox.put(edit, now)


def _outdate(books: Books, catalog: Catalog, ops: str, freeze: Freeze, now: datetime) -> None:
    """What was told of it before an edit does not hold as it was told."""
    places = [(freeze, channel) for channel in channels_of(catalog, freeze.scope, ops)]
    for reply in replies_of(books, set(threads_of(books, places))):
        if reply.facts["freeze"] == freeze.id:
            begun = reply.template == "freeze_begun"
            news = freeze_facts(catalog, freeze, ()) if begun else {"again": True}
            books.outbox.correct(reply, {**reply.facts, **news}, now)


def _reply(
    books: Books,
    catalog: Catalog,
    ops: str,
    freeze: Freeze,
    template: str,
    more: Facts,
    now: datetime,
    *,
    mark: str,
) -> None:
    facts = freeze_facts(catalog, freeze, ()) | more
    for channel in channels_of(catalog, freeze.scope, ops):
        key = f"{own_topic(freeze, channel)}:{mark}"
        thread = thread_of(books, freeze, channel)
        message = Outgoing(key, channel, thread, Act.REPLY, template, facts, broadcast=True)
        books.outbox.put(message, now)


def _head_of(freeze: Freeze, told: Told) -> str:
    if freeze.origin is not Origin.SCHEDULE:
        return "frozen"
    return "freeze_begun" if told is Told.BEGUN else "freeze_ahead"
