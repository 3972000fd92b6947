"""When a freeze that the policy set will about thaw, if nothing new happens."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.decide.catalog import Catalog
from bot.decide.freeze import Freeze, Origin
from bot.decide.thaw import rule_for
from bot.flow.facts import Facts
from bot.flow.foresee import HOUR, Wanted, look_ahead
from bot.judge.reason import Reason
from bot.ports import Books

_NEVER = "at the usual pace as much burns anew as comes back: it needs a fix, not patience"


@dataclass(frozen=True, slots=True)
class Outlook:
    """When it will about thaw, to the next full hour; or why nobody knows."""

    at: datetime | None
    why: str = ""

    @property
    def facts(self) -> Facts:
        """As messages have it."""
        return {"at": None if self.at is None else int(self.at.timestamp()), "why": self.why}


def outlook(books: Books, catalog: Catalog, freeze: Freeze, now: datetime) -> Outlook | None:
    """Each of its causes must recover, and stay so for the time that the policy wants. None for a
    freeze that people or a schedule set, or whose end is known."""
    if freeze.origin is not Origin.POLICY or freeze.ends_at is not None:
        return None
    causes = [one for one in catalog.objectives if one.id in freeze.causes]
    accounts = books.ledger.accounts([one.id for one in causes])
    if not causes or len(accounts) < len(causes):
        return Outlook(None, "what it was set for is not counted any more")
    rules = [rule_for(catalog.policy_of(one), freeze.effect) for one in causes]
    wanted = [
        Wanted(one, accounts[one.id], above=rule.left)
        for one, rule in zip(causes, rules, strict=True)
    ]
    last = 0
    for one, said in zip(causes, look_ahead(books, wanted, now), strict=True):
        if isinstance(said, Reason):
            return Outlook(None, f"{one.title or one.name}: {said.text}")
        if said.left > rule_for(catalog.policy_of(one), freeze.effect).left:
            continue
        if said.back is None:
            return Outlook(None, f"{one.title or one.name}: {_NEVER}")
        last = max(last, said.back)
    return Outlook(_hour(max(last, int(now.timestamp())) + max(rule.lasts for rule in rules)))


def _hour(at: int) -> datetime:
    """A freeze is never said to end sooner than was worked out."""
    return datetime.fromtimestamp(-(-at // HOUR) * HOUR, UTC)


class Outlooks:
    """Those of all freezes, for whoever asks often: worked out anew after a while, and of many no
    more than some at a time."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Outlook | None, datetime]] = {}

    def of(
        self, books: Books, catalog: Catalog, freezes: Sequence[Freeze], now: datetime
    ) -> dict[int, datetime]:
        """By the number of the freeze, when it will about thaw; those of which nobody knows, or
        which have not been worked out yet, are missing."""
        ours = [one for one in freezes if one.origin is Origin.POLICY and one.in_force(now)]
        due = [one for one in ours if self._known.get(one.id, (None, now))[1] <= now]
        for one in due[:AT_A_TIME]:
            self._known[one.id] = outlook(books, catalog, one, now), now + KEEP
        standing = {one.id for one in ours}
        self._known = {number: kept for number, kept in self._known.items() if number in standing}
        return {
            number: kept.at
            for number, (kept, _) in self._known.items()
            if kept is not None and kept.at is not None and kept.at > now
        }


AT_A_TIME = 5
KEEP = timedelta(minutes=10)
