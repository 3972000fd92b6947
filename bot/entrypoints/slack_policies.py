"""`/budget policy` and `/budget backtest` in Slack."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from bot.decide.catalog import Catalog
from bot.decide.quorum import APPROVERS, DECIDERS
from bot.decide.scope import EVERYTHING
from bot.entrypoints.grammar_policy import ExplainPolicy, TryPolicy
from bot.entrypoints.slack_reply import Desk
from bot.errors import DeliveryError, Forbidden, UserError
from bot.flow.ask.deciders import look_up
from bot.flow.show.backtest import Backtest, shortened
from bot.flow.show.explain import Explain
from bot.ports import Directory


@dataclass(frozen=True)
class PolicyWords:
    """What happens behind them."""

    desk: Desk
    explaining: Explain
    testing: Backtest
    tried: Callable[[str], Catalog]
    """The specs with the BudgetPolicy of that name as if it were the nearest of every service.
    Raises UserError."""
    catalog: Callable[[], Catalog]
    directory: Directory
    _busy: threading.Lock = field(default_factory=threading.Lock)

    def look(self, question: ExplainPolicy | TryPolicy, user: str, url: str) -> None:
        """Answer a question."""
        match question:
            case ExplainPolicy():
                read = partial(self.explaining.policy, question.service)
                self.desk.show(url, "policy", read)
            case TryPolicy():
                self._test(question, user, url)

    def _test(self, wanted: TryPolicy, user: str, url: str) -> None:
        """What policies would have done. One at a time: the counts of a month are looked through,
        and those who click meanwhile must not wait for several of them."""
        self._admit(user)
        if not self._busy.acquire(blocking=False):
            sentence = "Another back-test is running."
            raise UserError(sentence, "try again in half a minute")
        try:
            candidate = self.tried(wanted.policy) if wanted.policy else None
            facts = self.testing.run(wanted.length, candidate, wanted.policy)
        finally:
            self._busy.release()
        self.desk.say(url, "backtest", shortened(facts))

    def _admit(self, user: str) -> None:
        """Approvers of any team; where no team names any, whoever decides."""
        catalog = self.catalog()
        named = any(team.approvers for team in catalog.teams.values())
        group = APPROVERS if named else DECIDERS
        try:
            standing = look_up(self.directory, catalog, EVERYTHING, user, (group,))
        except DeliveryError as error:
            sentence = f"I could not ask Slack whether you are an approver ({error})."
            raise UserError(sentence, "try again in a minute") from error
        if group not in standing.groups:
            raise Forbidden("Back-tests are for the approvers of a team.", "/budget policy ranker")
