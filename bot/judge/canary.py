"""Whether a release fails more than the one that serves beside it, however often one looks.

E is an anytime-valid likelihood ratio: if both fail alike, the chance that it ever reaches 20, at
any of however many looks and whatever the split of traffic was meanwhile, is at most 1 in 20 (Ville
1939). Each look compares the two only with each other, so an outage of what both need blames
neither. Bursts of failures with one cause count as if each were news; they make E too sure.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from math import exp, fsum, inf, log, log1p
from typing import NamedTuple

ENOUGH = 20.0
"""E from which on a rollback is advised: 1/α for α = 5 % false alarms."""
RATIOS = tuple(1.1 * (10 / 1.1) ** (k / 23) for k in range(24))
"""How many times more the release may fail: 24 ratios, log-spaced, of equal weight."""


class Look(NamedTuple):
    """Events of one stretch of time, in which both served. Counts, not rates."""

    bad: float
    total: float
    """Of the release that is watched."""
    bad0: float
    total0: float
    """Of the one beside it."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """How much more likely the counts are if the release fails more than if both fail alike."""

    b1: float
    n1: float
    """Bad and all events of the release, of the looks that had both."""
    b0: float
    n0: float
    """Bad and all events of the one beside it."""
    log_e: float
    """Natural logarithm of E: E itself may be too large for a number."""
    alone: float = 0.0
    """Events of the release while nothing served beside it: they prove nothing."""

    @property
    def e(self) -> float:
        """E; infinite if it is too large for a number."""
        return exp(self.log_e) if self.log_e < _LARGEST else inf

    @property
    def concurrent(self) -> bool:
        """Whether both ever served at a time."""
        return self.n1 > 0 and self.n0 > 0


_LARGEST = 709.0


class Advice(StrEnum):
    """What to do with the release."""

    ROLL_BACK = "roll_back"
    WAIT = "wait"
    """The evidence is not enough, or there is none."""
    WITHHELD = "withheld"
    """There is nothing to compare with."""


@dataclass(frozen=True, slots=True)
class Advised:
    """The advice, its figures, and the sentence that says both."""

    advice: Advice
    evidence: Evidence
    sentence: str


def evidence(looks: Iterable[Look]) -> Evidence:
    """All looks together: E = mean over ρ of Π (s_ρ/s)^bad · ((1 − s_ρ)/(1 − s))^bad0, with
    s = total/(total + total0) of each look and s_ρ = sρ/(sρ + 1 − s). Of fixed numbers of events
    the failures fall to the release with a share s, if both fail alike; drawn without replacement,
    which only lowers E's expectation (Hoeffding 1963). With logarithms, a look adds
    bad·ln ρ − (bad + bad0)·ln(1 + s(ρ − 1)).

    A look that only one of them served in changes nothing. Raises ValueError for more bad events
    than there were, or fewer than none.
    """
    both: list[Look] = []
    alone = 0.0
    for look in looks:
        _check(look)
        if look.total > 0 and look.total0 > 0:
            both.append(look)
        else:
            alone += look.total
    terms = [fsum(_term(look, ratio) for look in both) for ratio in RATIOS]
    return Evidence(
        b1=fsum(look.bad for look in both),
        n1=fsum(look.total for look in both),
        b0=fsum(look.bad0 for look in both),
        n0=fsum(look.total0 for look in both),
        log_e=_log_mean(terms),
        alone=alone,
    )


def advice(release: str, beside: str, looks: Iterable[Look], enough: float = ENOUGH) -> Advised:
    """Whether to roll `release` back, judged against `beside`, the version that serves along;
    `enough`: E from which on it is advised."""
    found = evidence(looks)
    if not found.concurrent:
        return Advised(Advice.WITHHELD, found, _withheld(release))
    if found.log_e >= log(enough):
        return Advised(Advice.ROLL_BACK, found, _proven(release, beside, found))
    return Advised(Advice.WAIT, found, _open(release, beside, found, enough))


def _check(look: Look) -> None:
    for name, bad, total in (
        ("release", look.bad, look.total),
        ("one beside it", look.bad0, look.total0),
    ):
        if not 0 <= bad <= total:
            raise ValueError(f"{bad:g} bad events of {total:g} of the {name} cannot be")


def _term(look: Look, ratio: float) -> float:
    share = look.total / (look.total + look.total0)
    return look.bad * log(ratio) - (look.bad + look.bad0) * log1p(share * (ratio - 1))


def _log_mean(terms: list[float]) -> float:
    """ln of the mean of e^term, without leaving the range of numbers."""
    top = max(terms)
    return top + log(fsum(exp(term - top) for term in terms) / len(terms))


def _withheld(release: str) -> str:
    return (
        f"No advice on {release}: no other version served beside it, so a fault of what they all "
        "need would look like its own. Keep the old version on part of the traffic to compare."
    )


def _proven(release: str, beside: str, found: Evidence) -> str:
    return (
        f"{_odds(found)} evidence that {release} fails more than {beside}: {_counts(found)}. "
        f"Advice: roll back to {beside}."
    )


def _open(release: str, beside: str, found: Evidence, enough: float) -> str:
    if found.log_e <= 0:
        return f"Nothing says so far that {release} fails more than {beside}: {_counts(found)}."
    return (
        f"{_odds(found)} evidence that {release} fails more than {beside}: {_counts(found)}. "
        f"Not enough yet to roll back ({enough:g} : 1 is)."
    )


def _counts(found: Evidence) -> str:
    return f"{found.b1:,.10g} of {found.n1:,.10g} against {found.b0:,.10g} of {found.n0:,.10g}"


def _odds(found: Evidence) -> str:
    said = odds(found.log_e)
    return f"{said[0].upper()}{said[1:]}"


def odds(log_e: float) -> str:
    """E in words, to stand within a sentence, from its logarithm. Cut, not rounded: what is below
    the limit reads so."""
    if log_e >= log(1_000_000):
        return "more than 1,000,000 : 1"
    found = exp(log_e)
    return f"{int(found):,} : 1" if found >= 10 else f"{int(found * 10) / 10:g} : 1"
