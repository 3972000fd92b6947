"""The burn alerts of a BudgetPolicy, as written and as pasted."""

from collections.abc import Mapping
from dataclasses import replace

from bot.decide.policy import Policy
from bot.judge.burn import BurnAlert, Severity
from bot.spec.said import Said
from bot.spec.spot import Record, Spot, listing, record
from bot.spec.values import choice, duration, percent, share, spell

SEVERITIES: Mapping[str, Severity] = {str(severity): severity for severity in Severity}


def burn_alerts(spec: Record) -> list[Said]:
    """`burnAlerts`, as one field."""
    spot = spec.get("burnAlerts")
    if spot is None:
        return []
    found = [(alert, item) for item in listing(spot) if (alert := _alert(item)) is not None]
    alerts = tuple(alert for alert, _ in found)

    def edit(policy: Policy) -> Policy:
        return replace(policy, alerts=alerts)

    return [Said("burnAlerts", edit, spot, parts=tuple(item for _, item in found))]


def _alert(spot: Spot) -> BurnAlert | None:
    found = record(spot, "spend", "within", "confirm", "severity")
    if found is None:
        return None
    spend = found.need("spend", share, "spend: 2%")
    long = found.need("within", duration("mhdw"), "within: 1h")
    short = found.read("confirm", duration("mhdw"))
    severity = found.need("severity", choice(SEVERITIES), "severity: page")
    if spend == 0:
        (found.get("spend") or spot).fault("Spending nothing is no reason to warn.", "Write 2%.")
        return None
    if spend is None or long is None or severity is None:
        return None
    if short is None:
        short = max(60, long // 12 // 60 * 60)
    if short >= long:
        at = found.get("confirm") or found.get("within") or spot
        at.fault("`confirm` must be shorter than `within`.", "A twelfth of it is usual: 5m for 1h.")
        return None
    return BurnAlert(spend, long, short, severity)


def paste(alert: BurnAlert) -> str:
    """A burn alert as it is written in a policy."""
    return (
        f"{{spend: {percent(alert.spend)}, within: {spell(alert.long)}, "
        f"confirm: {spell(alert.short)}, severity: {alert.severity}}}"
    )
