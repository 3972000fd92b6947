"""What a policy wants done about an objective, and what of it is not done yet."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bot.decide.freeze import Effect, Freeze
from bot.decide.policy import Mode, Then


@dataclass(frozen=True, slots=True)
class Plan:
    """What is still to be done."""

    effects: tuple[Effect, ...] = ()
    """To be set, the strictest first: each thaws by itself."""
    rises: bool = False
    """Whether the first of them is stricter than all that this objective has caused already: only
    that is news."""
    asks: bool = False
    """People are to be asked for a freeze."""
    watched: bool = False
    """The policy only says what it would have done."""

    def __bool__(self) -> bool:
        return self.asks or bool(self.effects)

    def beside(self, other: "Plan") -> "Plan":
        """Both, for one service; what is done counts before what is only watched."""
        if self.watched is not other.watched:
            return other if self.watched else self
        effects = sorted({*self.effects, *other.effects}, key=lambda effect: -effect.rank)
        rises, asks = self.rises or other.rises, self.asks or other.asks
        return Plan(tuple(effects), rises, asks, self.watched)


NOTHING = Plan()


def plan(
    thens: Iterable[Then],
    objective: str,
    standing: Sequence[Freeze],
    mode: Mode,
    asked: Callable[[], bool],
) -> Plan:
    """`standing`: the freezes that reach the objective's service, now or later; `asked`: whether a
    request for a freeze waits already because of it. Never twice for one cause; what was only
    watched holds nothing, so it does not count once the policy acts."""
    wanted = set(thens)
    mine = {
        freeze.effect
        for freeze in standing
        if objective in freeze.causes and (mode is Mode.MONITOR or not freeze.monitored)
    }
    new = {then.effect for then in wanted if then.effect is not None} - mine
    effects = tuple(sorted(new, key=lambda effect: -effect.rank))
    highest = max((effect.rank for effect in mine), default=-1)
    frozen = Effect.FREEZE in mine | new
    asks = Then.REQUEST_FREEZE in wanted and not frozen and not asked()
    rises = bool(effects) and effects[0].rank > highest
    return Plan(effects, rises, asks, mode is Mode.MONITOR)


def overdue(objective: str, standing: Sequence[Freeze], mode: Mode) -> tuple[Freeze, ...]:
    """What was only watched, and is to be done since the policy acts."""
    if mode is Mode.MONITOR:
        return ()
    return tuple(f for f in standing if f.monitored and objective in f.causes)
