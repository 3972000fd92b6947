"""A release that fails more than the one beside it: people are asked, once a release, whether to
take it back; or, where the policy says so, it is taken back at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.decide.approval import Request, RequestState, Vote, Wish
from bot.decide.canary import backs, follows
from bot.decide.catalog import Catalog
from bot.decide.decision import Decision, Event
from bot.decide.freeze import Origin
from bot.decide.people import BURNBAN
from bot.decide.policy import Rollback
from bot.decide.quorum import needs_words
from bot.decide.scope import Reach, Scope
from bot.flow.announce import announce_request
from bot.flow.canary.card import proposal
from bot.flow.canary.evidence import Compared, compare, release_facts, releases_of, row
from bot.flow.facts import Facts, channels_of, scope_words
from bot.ports import Act, Books, Clock, Outgoing, Record
from bot.ports.hosts import Watch, WatchKind

LATELY = timedelta(days=14)
"""Only services of which something was told since then are looked at: a canary is younger."""


def watch_key(service: str, version: str) -> str:
    """Of what is known of a release that was advised against."""
    return f"rollback:{service}@{version}"


@dataclass(frozen=True)
class WatchCanaries:
    """The flow of the ticker."""

    record: Record
    clock: Clock
    catalog: Callable[[], Catalog]
    ops: str

    def run(self) -> int:
        """How many releases were advised against, by this replica."""
        catalog, now = self.catalog(), self.clock.now()
        found = self.record.read(lambda books: self._found(books, catalog, now))
        return sum(self._advise(catalog, one) for one in found)

    def _found(self, books: Books, catalog: Catalog, now: datetime) -> list[Compared]:
        known = {watch.key for watch in books.watches.of(WatchKind.ROLLBACK)}
        lately = books.journal.of(list(catalog.services), now - LATELY)
        found = []
        for service in dict.fromkeys(note.service for note in lately):
            if _policy(catalog, service) is Rollback.NEVER:
                continue
            one = compare(books, catalog, releases_of(books, service, now), now)
            if one is None or not one.against:
                continue
            if watch_key(service, one.pair.release.version) not in known:
                found.append(one)
        return found

    def _advise(self, catalog: Catalog, found: Compared) -> int:
        def work(books: Books) -> int:
            return advise(books, catalog, self.ops, found, self.clock.now())

        return self.record.write(work)


def _policy(catalog: Catalog, service: str) -> Rollback | None:
    return follows(catalog.policy_for(Scope(Reach.SERVICE, service)))


def advise(books: Books, catalog: Catalog, ops: str, found: Compared, now: datetime) -> int:
    """Once a release: 0 if it was advised against already."""
    release, to = found.pair.release, found.pair.beside.version
    key = watch_key(release.service, release.version)
    facts: Facts = {
        **release_facts(found.pair, now),
        "rows": [row(one) for one in found.against],
    }
    watch = Watch(key, WatchKind.ROLLBACK, "", release.service, {"release": release.version})
    if not books.watches.add(watch, now):
        return 0
    scope = Scope(Reach.SERVICE, release.service)
    policy = catalog.policy_for(scope)
    mode = follows(policy)
    asked = _request(books, catalog, scope, found, facts, now) if mode is not None else None
    told: Facts = {
        "release": release.version,
        "to": to,
        "advised": now.isoformat(),
        "request": asked.id if asked is not None else 0,
        "granted": "",
    }
    books.watches.put(replace(watch, facts=told), now)
    row_facts = {**facts, **told, "needed": needs_words(policy.approvals.rollback.needs)}
    row_facts["monitored"] = mode is None
    reason = found.against[0].advised.sentence
    books.history.append(
        Decision(
            Event.ROLLBACK_ADVISED, now, BURNBAN, str(scope), reason, row_facts, policy.version,
            found.against[0].objective.id,
        )
    )  # fmt: skip
    if asked is None:
        _only_tell(books, catalog, ops, scope, facts, key, now)
        return 1
    if mode is Rollback.AUTO:
        books.requests.close(asked.id, RequestState.APPROVED, now)
        asked = replace(asked, closed=RequestState.APPROVED)
        carry_out(books, catalog, asked, (), {"request": asked.id, "by_itself": True}, now)
    announce_request(books, catalog, ops, asked, [], now)
    return 1


def _request(
    books: Books, catalog: Catalog, scope: Scope, found: Compared, facts: Facts, now: datetime
) -> Request:
    approvals = catalog.policy_for(scope).approvals
    reason = found.against[0].advised.sentence
    causes = ", ".join(one.objective.id for one in found.against)
    return books.requests.add(
        Request(
            0, Wish.ROLLBACK, scope, reason, BURNBAN, Origin.POLICY, approvals.rollback, now,
            now + timedelta(seconds=approvals.expires), cause=causes, evidence=facts,
        )
    )  # fmt: skip


def _only_tell(
    books: Books, catalog: Catalog, ops: str, scope: Scope, facts: Facts, key: str, now: datetime
) -> None:
    """The policy only watches: people hear what it would have proposed."""
    said = proposal(catalog, facts) | {
        "state": "watched", "request": 0, "word": catalog.word(scope),
        "scope": scope_words(scope), "by_itself": False, "escalation": "", "fallback": "",
    }  # fmt: skip
    for channel in channels_of(catalog, scope, ops):
        topic = f"{key}:{facts['began']}:{channel}"
        books.outbox.put(Outgoing(topic, channel, topic, Act.POST, "rollback", said), now)


def carry_out(
    books: Books,
    catalog: Catalog,
    request: Request,
    votes: Sequence[Vote],
    evidence: Facts,
    now: datetime,
) -> None:
    """People have agreed, or the policy has by itself: webhooks follow the history, aliases that
    stand at the release are moved back by whoever visits next, and the gate says yes to a rollback
    hook that asks."""
    said = dict(request.evidence)
    service, release, to = str(said["service"]), str(said["release"]), str(said["to"])
    by = votes[-1].voter if votes else BURNBAN
    facts = {**evidence, **said}
    version = catalog.policy_for(request.scope).version
    books.history.append(
        Decision(
            Event.ROLLBACK_GRANTED, now, by, str(request.scope), request.reason, facts, version
        )
    )
    served = {one.key: one for one in books.watches.of(WatchKind.SERVED)}
    for back in backs(catalog.outside.registries, service):
        stands = served.get(back.place)
        if stands is None or str(stands.facts["version"]) != release:
            continue
        move = {
            "registry": back.registry, "model": back.model, "alias": back.alias,
            "from": release, "to": to, "request": request.id, "scope": str(request.scope),
        }  # fmt: skip
        key = f"{back.place}:back"
        books.watches.put(Watch(key, WatchKind.BACK, back.registry, back.model, move), now)
    _mark(books, service, release, now)


def _mark(books: Books, service: str, release: str, now: datetime) -> None:
    key = watch_key(service, release)
    known = next((w for w in books.watches.of(WatchKind.ROLLBACK) if w.key == key), None)
    if known is not None:
        facts = {**known.facts, "granted": now.isoformat()}
        books.watches.put(replace(known, facts=facts, due_at=now), now)
