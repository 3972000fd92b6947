"""What freezes, and what a policy is about to do, mean for releases: one sentence for people."""

from collections.abc import Sequence
from datetime import datetime

from bot.decide.consequence import Plan
from bot.decide.freeze import Effect, Freeze, Origin
from bot.flow.facts import Facts
from bot.judge.dates import instant

DOES = {
    Effect.CAUTION: "need one approval each",
    Effect.HOLD: "wait",
    Effect.FREEZE: "are frozen",
}
"""To follow "releases of ranker"."""
_BESIDES = {
    Effect.CAUTION: "",
    Effect.HOLD: "; what is under way may end",
    Effect.FREEZE: "",
}
_POLICY = {
    Effect.CAUTION: "asks for care",
    Effect.HOLD: "holds them",
    Effect.FREEZE: "freezes them",
}
_WOULD = {
    Effect.CAUTION: "asked for one approval each",
    Effect.HOLD: "made them wait",
    Effect.FREEZE: "frozen them",
}


def strictest(freezes: Sequence[Freeze]) -> Effect | None:
    """Of those that act; what is only watched does not."""
    acting = (freeze.effect for freeze in freezes if not freeze.monitored)
    return max(acting, key=lambda effect: effect.rank, default=None)


def releases_line(service: str, freezes: Sequence[Freeze]) -> str:
    """`freezes` are in force now; the strictest decides."""
    effect = strictest(freezes)
    if effect is None:
        return f"Releases of {service} go on{_watched(freezes)}."
    mine = [freeze for freeze in freezes if freeze.effect is effect and not freeze.monitored]
    numbers = ", ".join(str(freeze.id) for freeze in mine)
    many = len(mine) > 1
    word = f"{effect}s" if many else str(effect)
    verb = f"{DOES[effect]}, by {word} {numbers}, {_until(mine, many=many)}"
    return f"Releases of {service} {verb}{_BESIDES[effect]}."


def _watched(freezes: Sequence[Freeze]) -> str:
    if not freezes:
        return ""
    first = max(freezes, key=lambda freeze: freeze.effect.rank)
    would = would_have(first.effect)
    return f": the policy only watches, or it would have {would} ({first.effect} {first.id})"


def would_have(effect: Effect) -> str:
    """To follow "it would have"."""
    return _WOULD[effect]


def _until(freezes: Sequence[Freeze], *, many: bool) -> str:
    ends = [freeze.ends_at for freeze in freezes]
    last = max((end for end in ends if end is not None), default=None)
    if None in ends or last is None:
        which = "them" if many else "it"
        if all(one.origin is Origin.POLICY for one in freezes):
            return f"until the budget has recovered, or somebody lifts {which}"
        return f"until somebody lifts {which}"
    return _at(last)


def _at(end: datetime) -> str:
    return f"until {instant(end)}"


def releases_facts(service: str, freezes: Sequence[Freeze], coming: Plan, *, asked: bool) -> Facts:
    """What a warning says of the releases of a service. `freezes` are in force; `coming`: what the
    policy is about to do in this very transaction; `asked`: a request for a freeze waits."""
    effect, line = strictest(freezes), releases_line(service, freezes)
    new = coming.effects[0] if coming.effects else None
    if coming.watched:
        line = _watching(service, coming) if effect is None else line
    elif new is not None and (effect is None or new.rank > effect.rank):
        effect = new
        does = f"{DOES[new]} from now on: the policy {_POLICY[new]}{_BESIDES[new]}"
        line = f"Releases of {service} {does}."
    asks = asked or (coming.asks and not coming.watched)
    return {
        "frozen": effect is Effect.FREEZE,
        "effect": str(effect or ""),
        "freezing": "A freeze is being asked for." if asks and new is not Effect.FREEZE else "",
        "releases_line": line,
    }


def _watching(service: str, coming: Plan) -> str:
    would = would_have(coming.effects[0]) if coming.effects else "asked people for a freeze"
    return f"Releases of {service} go on: the policy only watches, or it would have {would} now."
