"""When a freeze that the policy set ends by itself, in words."""

from bot.decide.catalog import Catalog
from bot.decide.freeze import Freeze, Origin
from bot.decide.thaw import rule_for
from bot.flow.facts import shortlist
from bot.judge.reason import percent, span


def thaw_words(catalog: Catalog, freeze: Freeze) -> str:
    """To follow "until": `the budget of “Latency” has recovered (more than 10 % left, calm for
    1 h)`. Empty for a freeze that people or a schedule set. Of several causes each must recover;
    the strictest figures are said."""
    if freeze.origin is not Origin.POLICY or freeze.ends_at is not None:
        return ""
    known = {one.id: one for one in catalog.objectives}
    found = [known[cause] for cause in freeze.causes if cause in known]
    if not found:
        return ""
    rules = [rule_for(catalog.policy_of(one), freeze.effect) for one in found]
    calm = max(rule.lasts for rule in rules)
    figures = f"more than {percent(max(rule.left for rule in rules))} left"
    if calm:
        figures += f", calm for {span(calm)}"
    titles = shortlist([f"“{one.title or one.name}”" for one in found])
    whose = "the budget of" if len(found) == 1 else "the budgets of"
    return f"{whose} {titles} {'has' if len(found) == 1 else 'have'} recovered ({figures})"
