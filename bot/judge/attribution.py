"""Which release spent the budget: shares that add up, to the last event, to what was consumed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from math import fsum

from bot.judge.budget import budget_of
from bot.judge.control import Caused, Control, caused
from bot.judge.division import Stratum, divide
from bot.judge.ledger import Balances
from bot.judge.objective import Objective
from bot.judge.release import Life, Release, lives_of

EARLY = 24 * 3_600
"""Seconds after its beginning in which what a release does to the budget is held against it."""


@dataclass(frozen=True, slots=True)
class Share:
    """What one release did to the budget of the window."""

    release: Release
    since: int
    until: int
    """The part of its life that lies in the window, seconds since 1970."""
    ended: bool
    """False: still live."""
    eligible: float
    bad: float
    burn: Fraction
    """bad ÷ allowed: its part of the consumption, in budgets."""
    excess: Fraction
    """(bad − its part of what is allowed, by events) ÷ allowed: positive if it spent more than it
    earned."""
    caused: Caused | None
    """Against its control, over its life in the window; None without traffic or a control."""
    early: Caused | None
    """The same of its first hours."""

    @property
    def control(self) -> Control:
        """What it was compared with."""
        return Control.NONE if self.caused is None else self.caused.control


@dataclass(frozen=True, slots=True)
class Attribution:
    """The consumption of a budget window, divided: Σ burn + unattributed = consumed, exactly."""

    since: int
    until: int
    allowed: Fraction
    """Bad events of a whole budget."""
    consumed: Fraction
    """bad ÷ allowed; 1 minus what is left."""
    shares: tuple[Share, ...]
    """Releases that were live in the window, in the order of their beginnings."""
    unattributed: Fraction
    """Spent while no release was live, or while nobody could tell which."""


def attribute(
    objective: Objective,
    balances: Balances,
    opened: int,
    releases: Iterable[Release],
    early: int = EARLY,
) -> Attribution | None:
    """The budget of the window that holds the newest row, divided among the releases.

    `opened`: when the account was opened; `early`: seconds, for `Share.early`. Rows are as fine as
    they are kept: the slice in which a release began counts as its own, but for what the version
    before it counted in an account of its own. None without traffic:
    there is no budget of which anything could be a share.

    Formulas, with B = bad events allowed, T = target: burn = bad/B; excess = (bad − (1 − T)·N)/B
    (a young window allows more, in proportion, than 1 − T); caused: see `Caused`.
    """
    budget = budget_of(objective, balances, opened)
    if budget.spend.eligible <= 0:
        return None
    since, until = budget.spend.since, balances.last.at
    lives = lives_of(releases, until)
    marks = (life.since + early for life in lives)
    strata = divide(balances, lives, since, until, marks)
    mine = _by_life(strata, len(lives))
    whole = _Whole(balances, budget.allowed, Fraction(budget.spend.eligible), early)
    shares = tuple(
        _share(index, lives, mine[index], whole) for index in range(len(lives)) if mine[index]
    )
    consumed = Fraction(budget.spend.bad) / budget.allowed
    given = sum((share.burn for share in shares), Fraction(0))
    return Attribution(since, until, budget.allowed, consumed, shares, consumed - given)


@dataclass(frozen=True, slots=True)
class _Whole:
    """What the releases have parts of."""

    balances: Balances
    allowed: Fraction
    eligible: Fraction
    early: int


def _by_life(strata: Sequence[Stratum], count: int) -> list[list[Stratum]]:
    found: list[list[Stratum]] = [[] for _ in range(count)]
    for stratum in strata:
        for portion in stratum.portions:
            found[portion.life].append(stratum)
    return found


def _share(index: int, lives: Sequence[Life], strata: Sequence[Stratum], whole: _Whole) -> Share:
    own = [part for one in strata for part in one.portions if part.life == index]
    eligible, bad = fsum(part.eligible for part in own), fsum(part.bad for part in own)
    life, burn = lives[index], Fraction(bad) / whole.allowed
    last = max(life.until, strata[-1].until)
    compared = partial(caused, index, lives, strata, whole.balances, float(whole.allowed))
    return Share(
        release=life.release,
        since=strata[0].since,
        until=min(life.until, strata[-1].until),
        ended=life.ended,
        eligible=eligible,
        bad=bad,
        burn=burn,
        excess=burn - Fraction(eligible) / whole.eligible,
        caused=compared(last),
        early=compared(life.since + whole.early),
    )
