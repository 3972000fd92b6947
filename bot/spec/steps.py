"""What a BudgetPolicy leads to: `steps`, or the short forms `thresholds`, `onPage`, `onTicket`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from bot.decide.policy import Labels, OnAlert, Policy, Then, Threshold
from bot.judge.burn import Severity
from bot.spec.burn_alerts import SEVERITIES
from bot.spec.said import Said, say
from bot.spec.spot import Record, Spot, listing, record, table
from bot.spec.values import choice, percent, share, text

THENS: Mapping[str, Then] = {str(then): then for then in Then}
SHORT = ("thresholds", "onPage", "onTicket")


class _Word(StrEnum):
    EXHAUSTED = "exhausted"
    BURNING = "burning"
    UNKNOWN = "unknown"
    HEALTHY = "healthy"


_WORDS: Mapping[str, _Word] = {str(word): word for word in _Word}


@dataclass(frozen=True, slots=True)
class _When:
    """A condition as read; without `left` it is about the alerts alone."""

    left: Fraction | None
    alerts: tuple[Severity, ...]
    labels: Labels


def steps(spec: Record) -> list[Said]:
    """`steps` says all that follows; else each of the short forms is a field of its own."""
    spot = spec.get("steps")
    if spot is None:
        return _short_forms(spec)
    for name in SHORT:
        short = spec.get(name)
        if short is not None:
            short.fault(f"`{name}` is a short form of `steps`, and both are here.", "Keep one.")
    found = [pair for item in listing(spot) if (pair := _step(item)) is not None]
    _refuse_twins(found)
    marks = tuple(
        Threshold(when.left, then, severity, when.labels)
        for when, then, _ in found
        if when.left is not None
        for severity in when.alerts or (None,)
    )
    said = [Said("thresholds", lambda policy: replace(policy, thresholds=marks), spot)]
    for name, severity in (("onPage", Severity.PAGE), ("onTicket", Severity.TICKET)):
        mine = [(w, t) for w, t, _ in found if w.left is None and severity in w.alerts]
        always = max((t for w, t in mine if not w.labels), key=_rank, default=Then.WARN)
        some = tuple(OnAlert(severity, t, w.labels) for w, t in mine if w.labels)
        said.append(_on(name, severity, always, some, spot))
    return said


def _rank(then: Then) -> int:
    return then.rank


def _on(name: str, severity: Severity, then: Then, some: tuple[OnAlert, ...], spot: Spot) -> Said:
    """What a burn alert leads to, in place of what it led to before."""

    def edit(policy: Policy) -> Policy:
        others = tuple(one for one in policy.on_alerts if one.severity is not severity)
        laid = replace(policy, on_alerts=(*others, *some))
        if severity is Severity.PAGE:
            return replace(laid, on_page=then)
        return replace(laid, on_ticket=then)

    return Said(name, edit, spot)


def _short_forms(spec: Record) -> list[Said]:
    said = say(spec, "thresholds", _thresholds, lambda p, v: replace(p, thresholds=v))
    for name, severity in (("onPage", Severity.PAGE), ("onTicket", Severity.TICKET)):
        spot, then = spec.get(name), spec.read(name, choice(THENS))
        if spot is not None and then is not None:
            said.append(_on(name, severity, then, (), spot))
    return said


def _thresholds(spot: Spot) -> tuple[Threshold, ...]:
    found: dict[Fraction, Threshold] = {}
    for item in listing(spot):
        fields = record(item, "left", "then")
        left = fields.need("left", share, "left: 25%") if fields else None
        then = fields.need("then", choice(THENS), "then: warn") if fields else None
        if left is None or then is None or not _possible(left, item):
            continue
        if left in found:
            item.fault(f"There is a threshold at {percent(left)} already.", "Keep one.")
        found[left] = Threshold(left, then)
    return tuple(found.values())


def _possible(left: Fraction, spot: Spot) -> bool:
    if left == 1:
        spot.fault("100% is left when nothing has happened.", "Write less, like 50%.")
    return left < 1


def _step(item: Spot) -> tuple[_When, Then, Spot] | None:
    fields = record(item, "when", "then")
    if fields is None:
        return None
    when = fields.need("when", _when, "when: {left: 25%}")
    then = fields.need("then", choice(THENS), "then: caution")
    return None if when is None or then is None else (when, then, item)


def _when(spot: Spot) -> _When | None:
    found = record(spot, "left", "alert", "verdict", "labels")
    if found is None:
        return None
    left, alert = found.read("left", share), found.read("alert", choice(SEVERITIES))
    word, labels = found.read("verdict", _verdict), found.read("labels", _labels)
    if left is not None and not _possible(left, found.get("left") or spot):
        return None
    if _contradictory(found, spot):
        return None
    if word is _Word.EXHAUSTED:
        left = Fraction(0)
    alerts: tuple[Severity, ...] = (alert,) if alert is not None else ()
    if word is _Word.BURNING:
        alerts = (Severity.PAGE, Severity.TICKET)
    faulty = any(
        found.get(name) is not None and value is None
        for name, value in (("left", left), ("alert", alert), ("verdict", word), ("labels", labels))
    )
    if faulty:
        return None
    if left is None and not alerts:
        problem = "This says of no budget and no alert when the step is taken."
        spot.fault(problem, "Write left: 25%, alert: page or verdict: exhausted.")
        return None
    return _When(left, alerts, labels or frozenset())


def _contradictory(found: Record, spot: Spot) -> bool:
    """Two words for one thing."""
    word = found.get("verdict")
    twins = {"exhausted": ("left", "left: 0%"), "burning": ("alert", "both alerts")}
    for verdict, (field, meaning) in twins.items():
        said = word is not None and found.read("verdict", text) == verdict
        if said and found.get(field) is not None:
            problem = f"`verdict: {verdict}` means {meaning}, and `{field}` is here as well."
            (word or spot).fault(problem, "Keep one of them.")
            return True
    return False


def _verdict(spot: Spot) -> _Word | None:
    found = choice(_WORDS)(spot)
    if found is _Word.UNKNOWN:
        problem = "What is unknown neither freezes nor thaws: no step follows from it."
        spot.fault(problem, "Say what it means for releases in `unknown: {prod: hold}`.")
        return None
    if found is _Word.HEALTHY:
        spot.fault("Nothing follows from a healthy budget.", "Write exhausted or burning.")
        return None
    return found


def _labels(spot: Spot) -> Labels | None:
    found = table(spot)
    if found is None:
        return None
    pairs = [(key, value) for key, item in found.items() if (value := text(item)) is not None]
    if not pairs:
        spot.fault("No label is named here.", 'Write labels: {tier: "1"}, or leave it out.')
        return None
    return frozenset(pairs)


def _refuse_twins(found: Iterable[tuple[_When, Then, Spot]]) -> None:
    seen: dict[object, Spot] = {}
    for when, _, spot in found:
        for severity in when.alerts or (None,):
            first = seen.setdefault((when.left, severity, when.labels), spot)
            if first is not spot:
                problem = f"The step in line {first.line} has the same condition."
                spot.fault(problem, "Keep the one that you mean.")
                break
