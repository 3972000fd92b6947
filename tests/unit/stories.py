"""An objective that is looked at again and again, and what it may look like."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

from bot.decide.episode import Item, News, Standing, advance
from bot.decide.policy import Policy, Then, Threshold
from bot.judge.burn import Severity
from bot.judge.verdict import Code, Kind, Verdict
from tests.builders import MINUTE, NOON, verdict, when

NAME = "ranker/availability"
POLICY = Policy(
    "strict",
    "v1",
    thresholds=(
        Threshold(Fraction(50, 100), Then.WARN),
        Threshold(Fraction(25, 100), Then.REQUEST_FREEZE),
        Threshold(Fraction(0), Then.FREEZE),
    ),
    on_page=Then.REQUEST_FREEZE,
    resolve_after=10 * MINUTE,
)
FINE = verdict()
TICKET = verdict(Kind.BURNING, fires=Severity.TICKET)
PAGE = verdict(Kind.BURNING, fires=Severity.PAGE)
SPENT = verdict(Kind.EXHAUSTED, left="-0.1", code=Code.BUDGET_SPENT)
SPENT_AND_BURNING = replace(SPENT, firing=PAGE.firing)
BLIND = verdict(Kind.UNKNOWN, code=Code.STALE)
IDLE = verdict(Kind.UNKNOWN, code=Code.NO_TRAFFIC)


class Story:
    """One objective, looked at minute by minute."""

    def __init__(self, policy: Policy = POLICY) -> None:
        self.policy = policy
        self.standing = Standing(NAME)
        self.now = when(NOON)

    def see(self, *verdicts: Verdict) -> list[Item]:
        """The news of these polls, edits left out."""
        news: list[Item] = []
        for one in verdicts:
            self.now += timedelta(seconds=MINUTE)
            self.standing, items = advance(self.standing, one, self.policy, self.now)
            news.extend(item for item in items if item.news is not News.CHANGED)
        return news

    def told(self, *verdicts: Verdict) -> list[News]:
        """Only what happened."""
        return [item.news for item in self.see(*verdicts)]


def left(share: str) -> Verdict:
    """Healthy, with so much left."""
    return verdict(left=share)


def quiet(policy: Policy) -> Policy:
    """The same without thresholds."""
    return replace(policy, thresholds=())
