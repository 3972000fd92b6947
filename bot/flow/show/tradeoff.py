"""`/budget tradeoff`: what a release would cost and bring, for people; nothing is changed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from bot.decide.catalog import Catalog
from bot.decide.scope import Reach
from bot.errors import UserError
from bot.flow.canary.evidence import compare, releases_of
from bot.flow.facts import Facts
from bot.flow.weighing import Measured, Weighed, loss_of, weighable, weighing, worth_it
from bot.judge.canary import odds
from bot.judge.objective import Objective
from bot.judge.outlook_words import weighed
from bot.judge.stake import Change, Loss, Ruling
from bot.ports import Books, Clock, Record

_SIDES = {
    Loss.REQUEST: "nothing tells how many requests it loses",
    Loss.ANSWER: "nothing tells how right its answers are",
}


@dataclass(frozen=True)
class ShowTradeoff:
    """The flow behind `/budget tradeoff` and `burnban tradeoff`."""

    record: Record
    clock: Clock
    catalog: Callable[[], Catalog]

    def facts(self, word: str, version: str, given: Mapping[str, Change] | None = None) -> Facts:
        """The facts of `tradeoff`, with `share` (of the traffic that it has now), `fails` (what its
        canary says against it: {to, odds}, or None) and `back` (whether it is to be rolled back for
        that, for nothing that it brings is worth it). `given`: by the name of an objective, how
        the release changes its rate of bad events. Raises UserError for a word that is no service,
        and for names of no objective of it."""
        catalog, now = self.catalog(), self.clock.now()
        scope = catalog.scope(word)
        if scope.reach is not Reach.SERVICE:
            example = f"/budget tradeoff {next(iter(sorted(catalog.services)), 'ranker')} {version}"
            raise UserError(f"A trade-off is weighed for one service, not `{word}`.", example)
        names = sorted(one.name for one in catalog.objectives if one.service == scope.name)
        for name in given or {}:
            if name not in names:
                known = ", ".join(f"`{one}`" for one in names) or "none"
                sentence = f"{scope.name} has no objective `{name}`. It has: {known}."
                raise UserError(sentence, f"/budget tradeoff {scope.name} {version}")

        def work(books: Books) -> Facts:
            found = weighing(books, catalog, scope.name, version, now, given)
            serving = serving_of(books, catalog, found, now)
            return weighed_facts(found, back=bool(serving["back"])) | serving

        return self.record.read(work)


def serving_of(books: Books, catalog: Catalog, weighed: Weighed, now: datetime) -> Facts:
    """What the version does now: `share`, `fails` and `back`, as `ShowTradeoff.facts` has them."""
    service, version = weighed.service, weighed.version
    releases = releases_of(books, service, now)
    mine = [one for one in releases if one.version == version and one.live(now)]
    found = compare(books, catalog, releases, now)
    fails: Facts | None = None
    if found is not None and found.pair.release.version == version and found.against:
        worst = found.against[0].advised.evidence
        fails = {"to": found.pair.beside.version, "odds": odds(worst.log_e)}
    return {
        "share": float(mine[-1].share_at(now)) if mine else 0.0,
        "fails": fails,
        "back": fails is not None and not worth_it(weighed) and not _rejected(weighed),
    }


def _rejected(found: Weighed) -> bool:
    return found.result is not None and found.result.ruling is Ruling.REJECT


def weighed_facts(found: Weighed, *, back: bool = False) -> Facts:
    """As messages and JSON have it; costs as shares of a budget. `back`: as `weighed` takes it."""
    result = found.result
    costs = {one.objective: one for one in result.costs} if result is not None else {}
    titles = {o.name: o.title for o in (one.objective for one in found.measured) if o.title}
    return {
        "service": found.service,
        "version": found.version,
        "beside": found.beside,
        "ruling": str(result.ruling) if result is not None else "unknown",
        "text": "" if result is None else weighed(result, titles=titles, back=back),
        "missing": _SIDES[found.missing] if found.missing is not None else "",
        "price": float(found.price),
        "reserve": float(found.reserve),
        "exchange": None if result is None or result.exchange is None else float(result.exchange),
        "answers": None if result is None else float(result.answers),
        "requests": None if result is None else float(result.requests),
        "needed": None if result is None else result.needed,
        "affordable_at": None if result is None else result.affordable_at,
        "rows": [
            {
                "objective": one.objective.name,
                "title": _title(one.objective),
                "ruling": str(costs[one.objective.name].ruling),
                "low": float(costs[one.objective.name].low),
                "expected": float(costs[one.objective.name].expected),
                "high": float(costs[one.objective.name].high),
                "left": float(costs[one.objective.name].left),
                "given": one.found is None,
                "evidence": evidence(one, found.version, found.beside),
            }
            for one in found.measured
        ],
        "by_hand": _by_hand(found),
        "left_out": [{"title": _title(one), "why": why} for one, why in found.left_out],
    }


def _title(objective: Objective) -> str:
    return objective.title or objective.name


def _by_hand(found: Weighed) -> str:
    """How somebody would say what the release changes, with objectives that this service has;
    empty if none of them can be weighed."""
    known = [*(one.objective for one in found.measured), *(one for one, _ in found.left_out)]
    first = {loss_of(one): one.name for one in reversed(known) if weighable(one)}
    return " ".join(f"--{first[loss]} {said}" for loss, said in _AS_IN.items() if loss in first)


_AS_IN = {Loss.ANSWER: "+1.5±0.2", Loss.REQUEST: "-0.02±0.01"}


def evidence(one: Measured, version: str, beside: str) -> str:
    """What was counted, or what somebody said: `12 of 4,000 bad with 38, 30 of 36,000 with 37`."""
    found = one.found
    if found is None:
        return f"given by hand: {points(one.change)}"
    return (
        f"{found.bad:,.10g} of {found.eligible:,.10g} bad with {version}, "
        f"{found.bad0:,.10g} of {found.eligible0:,.10g} with {beside}: {points(one.change)}"
    )


def points(change: Change) -> str:
    """`0.02 points more bad (0.01 to 0.03)`, `1.5 points fewer bad (1.3 to 1.7)`."""
    sign, word = (1, "more") if change.expected >= 0 else (-1, "fewer")
    ends = sorted((change.low * sign, change.high * sign))
    low, high = (_number(end) for end in ends)
    middle = f"{_number(abs(change.expected))} points {word} bad"
    return middle if low == high else f"{middle} ({low} to {high})"


def _number(share: Fraction) -> str:
    return f"{float(share * 100):.3g}".replace("-", "−")
