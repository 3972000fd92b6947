"""The values of a policy as a BudgetPolicy would say them."""

from collections.abc import Iterable, Iterator

from bot.decide.policy import Labels, Policy, Threshold
from bot.decide.quorum import Quorum, needs_words
from bot.decide.silence import OPEN_WITHOUT
from bot.judge.burn import Severity
from bot.spec.burn_alerts import paste
from bot.spec.consent import WISHES
from bot.spec.values import percent, spell


def values_of(policy: Policy) -> Iterator[tuple[str, str]]:
    """Field and value of all of it, in the order in which people ask."""
    yield "mode", str(policy.mode)
    yield "burnAlerts", _alerts(policy)
    yield "thresholds", _several(_threshold(one) for one in policy.thresholds)
    for severity, field in ((Severity.PAGE, "onPage"), (Severity.TICKET, "onTicket")):
        some = (one for one in policy.on_alerts if one.severity is severity)
        more = [f"{one.then}{_where(one.labels)}" for one in some]
        yield field, "; ".join([str(policy.on(severity)), *more])
    thaw = policy.thaw
    yield "thaw.left", percent(thaw.left)
    yield "thaw.burnBelow", f"{float(thaw.burn_below):.6g}"
    yield "thaw.for", spell(thaw.dwell)
    yield "thaw.cooling", spell(thaw.cooling)
    yield from _approvals(policy)
    exempt = (f"{one.kind} ({' or '.join(one.claimed_by)})" for one in policy.exemptions)
    yield "exempt", _several(exempt)
    yield from ((f"unknown.{environment}", str(blind)) for environment, blind in policy.blind)
    yield "unknown (elsewhere)", str(policy.when_blind(""))
    yield from ((f"withoutAnswer.{place}", str(word)) for place, word in policy.without_answer)
    yield "withoutAnswer (elsewhere)", f"allow in {', '.join(OPEN_WITHOUT)}; else deny"
    glass = policy.break_glass
    yield "breakGlass.groups", ", ".join(glass.groups)
    yield "breakGlass.page", ", ".join(glass.pages)
    yield "breakGlass.review.by", glass.reviewers
    yield "breakGlass.review.within", spell(glass.review_within)
    yield "dispute", policy.decider or "as approvals.unfreeze"
    yield "outsideCauses", _several(policy.outside_causes)
    yield "rollback", str(policy.rollback)
    yield "tradeoff.requestCosts", f"{float(policy.request_price):.6g}"
    yield "tradeoff.reserve", percent(policy.reserve)
    yield "resolveAfter", spell(policy.resolve_after)


def _several(found: Iterable[str]) -> str:
    return "; ".join(found) or "none"


def _alerts(policy: Policy) -> str:
    if policy.alerts is None:
        return "Google's, fitted to each objective"
    return _several(paste(alert) for alert in policy.alerts)


def _threshold(one: Threshold) -> str:
    alert = f" while a {one.alert} alert fires" if one.alert is not None else ""
    return f"{percent(one.left)} left{alert}: {one.then}{_where(one.labels)}"


def _where(labels: Labels) -> str:
    said = " and ".join(f"{key}={value}" for key, value in sorted(labels))
    return f" where {said}" if said else ""


def _approvals(policy: Policy) -> Iterator[tuple[str, str]]:
    asked = policy.approvals
    for wish in WISHES:
        quorum: Quorum = getattr(asked, wish)
        yield f"approvals.{wish}", needs_words(quorum.needs)
    yield "approvals.deny", str(asked.unfreeze.deny)
    yield "approvals.expire", spell(asked.expires)
    yield "approvals.use", spell(asked.usable)
    yield "approvals.escalate.after", spell(asked.escalate_after)
    yield "approvals.escalate.to", asked.fallback or "nobody"
