"""Decisions that would be others had what came late been known: they stand, and people are told."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.decide.catalog import Catalog
from bot.decide.episode import Standing, advance, wants
from bot.decide.freeze import Freeze, Origin
from bot.decide.policy import Then
from bot.flow.facts import Facts, channel_of, channels_of, epoch, number, scope_words
from bot.judge.ledger import Balances, Slice
from bot.judge.objective import Objective
from bot.judge.verdict import Verdict, instants, judge
from bot.ports import Account, Act, Books, Outgoing


@dataclass(frozen=True, slots=True)
class Look:
    """One objective at one moment of the past, as it was known before."""

    objective: Objective
    account: Account
    at: int
    """The newest slice of then, seconds since 1970."""
    verdict: Verdict
    freeze: Freeze | None
    """What was set then because of it; None: nothing was."""


def look_back(
    books: Books,
    posted: Sequence[tuple[Objective, Account, Sequence[Slice]]],
    now: datetime,
) -> list[Look]:
    """The moments at which something could have been decided otherwise: when each freeze of a
    policy that stands was set, and at the last of the slices that change."""
    standing = [
        one
        for one in books.freezes.standing(now)
        if one.origin is Origin.POLICY and one.in_force(now)
    ]
    found = []
    for objective, account, pieces in posted:
        mine = [freeze for freeze in standing if objective.id in freeze.causes]
        for freeze in mine:
            at = int(freeze.starts_at.timestamp()) - objective.label_delay
            verdict = _verdict(books, objective, account, at)
            found.append(Look(objective, account, at, verdict, freeze))
        if not mine:
            at = pieces[-1].at
            verdict = _verdict(books, objective, account, at)
            found.append(Look(objective, account, at, verdict, None))
    return found


def tell_hindsight(
    books: Books, catalog: Catalog, looks: Iterable[Look], ops: str, now: datetime
) -> None:
    """Compare with what is known now, and tell once of each decision that would be another."""
    for look in looks:
        verdict = _verdict(books, look.objective, look.account, look.at)
        before, after = (
            _wants(catalog, look.objective, one, look.at) for one in (look.verdict, verdict)
        )
        if look.freeze is not None and before and not after:
            _tell_freeze(books, catalog, look, verdict, look.freeze, ops, now)
        elif look.freeze is None and after and not before and _is_past(look):
            _tell_none(books, catalog, look, verdict, after, ops, now)


def _is_past(look: Look) -> bool:
    """The newest slice is judged by the next poll: what it brings is decided then."""
    return look.account.read_until is not None and look.at < look.account.read_until


def _verdict(books: Books, objective: Objective, account: Account, at: int) -> Verdict:
    """At the slice of that time, as it would have been called then."""
    wanted = {account.id: instants(objective, at)}
    rows: Mapping[int, Balances] = books.ledger.balances(wanted)
    moment = datetime.fromtimestamp(at + objective.label_delay, UTC)
    held = books.ledger.accounts([objective.id]).get(objective.id, account)
    return judge(objective, rows.get(account.id), held.opened or 0, moment)


def _wants(catalog: Catalog, objective: Objective, verdict: Verdict, at: int) -> tuple[Then, ...]:
    """What the policy would do about releases if it met this for the first time."""
    moment = datetime.fromtimestamp(at, UTC)
    _, news = advance(Standing(objective.id), verdict, catalog.policy_of(objective), moment)
    return tuple(then for then in wants(news) if then is not Then.WARN)


def _tell_freeze(
    books: Books,
    catalog: Catalog,
    look: Look,
    verdict: Verdict,
    freeze: Freeze,
    ops: str,
    now: datetime,
) -> None:
    facts = _facts(look, verdict) | {
        "freeze": freeze.id,
        "effect": str(freeze.effect),
        "scope": scope_words(freeze.scope),
        "word": catalog.word(freeze.scope),
        "then": "",
    }
    for channel in channels_of(catalog, freeze.scope, ops):
        topic = f"freeze:{freeze.id}:{channel}"
        key = f"{topic}:restated:{look.objective.id}"
        books.outbox.put(Outgoing(key, channel, topic, Act.REPLY, "restated", facts), now)


def _tell_none(
    books: Books,
    catalog: Catalog,
    look: Look,
    verdict: Verdict,
    after: Sequence[Then],
    ops: str,
    now: datetime,
) -> None:
    channel = channel_of(catalog, look.objective.service, ops)
    facts = _facts(look, verdict) | {
        "freeze": None,
        "effect": "",
        "scope": f"service {look.objective.service}",
        "word": look.objective.service,
        "then": str(max(after, key=lambda then: then.rank)),
    }
    key = f"restated:{look.objective.id}:{look.at}"
    books.outbox.put(Outgoing(key, channel, key, Act.POST, "restated", facts), now)


def _facts(look: Look, verdict: Verdict) -> Facts:
    return {
        "service": look.objective.service,
        "objective": look.objective.id,
        "title": look.objective.title or look.objective.name,
        "at": look.at,
        "before": number(look.verdict.left),
        "after": number(verdict.left),
        "set_at": epoch(look.freeze.starts_at) if look.freeze is not None else None,
    }
