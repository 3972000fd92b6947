"""`/budget adjust`, `/budget adjustments` and `/budget report` in Slack, and the form of the
first."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from bot.decide.catalog import Catalog
from bot.decide.people import Actor
from bot.entrypoints.grammar_adjust import ReadAdjustments
from bot.entrypoints.grammar_report import ReadReport
from bot.entrypoints.plain import plain, visible
from bot.entrypoints.slack_body import Misfilled, actor, field_of
from bot.entrypoints.slack_reply import Desk, request_key
from bot.entrypoints.stretches import EXAMPLE, fields
from bot.errors import UserError
from bot.flow.adjust.request import AskToAdjust, PutBack, TakeOut
from bot.flow.show.adjustments import ListAdjustments
from bot.flow.show.report import Reports

Body = Mapping[str, Any]


@dataclass(frozen=True)
class Budgets:
    """What happens behind them."""

    desk: Desk
    adjusting: AskToAdjust
    listing: ListAdjustments
    reports: Reports

    def look(self, question: ReadAdjustments | ReadReport, url: str) -> None:
        """Answer a question."""
        match question:
            case ReadAdjustments():
                self.desk.show(url, "adjustments", partial(self.listing.listing, question.word))
            case ReadReport():
                read = partial(self.reports.facts, question.month, question.team)
                self.desk.show(url, "report", read)

    def adjust(self, wanted: TakeOut | PutBack, who: Actor, url: str, once: str) -> None:
        """Ask, and say which time was understood."""
        outcome = self.adjusting.run(wanted, who, once)
        self.desk.tell(url, outcome.sentence, then=outcome.next)

    def form(self, catalog: Catalog, zone: str) -> Mapping[str, Any]:
        """The modal behind `/budget adjust` without words."""
        causes = {cause for one in catalog.policies.values() for cause in one.outside_causes}
        facts = {
            "services": sorted(catalog.services),
            "teams": sorted(catalog.teams),
            "causes": sorted(causes),
            "zone": zone,
        }
        return self.desk.renderer.view("adjust_modal", facts)

    def submitted(self, body: Body) -> Callable[[], None]:
        """A submitted form; the request is made after the acknowledgement. Raises Misfilled naming
        the field."""
        zone, _, url = str(body["view"].get("private_metadata") or "UTC|").partition("|")
        wanted = self._wanted(body["view"]["state"]["values"], zone)
        who, key = actor(body), request_key(body)
        return partial(self.desk.later, url, partial(self.adjust, wanted, who, url, key))

    def _wanted(self, state: Body, zone: str) -> TakeOut:
        word = field_of(state, "scope")
        if not word:
            raise Misfilled("scope", "Choose whose budget it is.")
        reason = plain(field_of(state, "reason")).strip()
        if not visible(reason):
            raise Misfilled("reason", "Others will read it: say why in a few words.")
        since, until = field_of(state, "from"), field_of(state, "to")
        try:
            start, end = fields(since, until, self.desk.now(), zone)
        except UserError as error:
            sentence = error.sentence.replace("`", "'")  # plain text, without marks
            block = "to" if since and _reads(since, self.desk.now(), zone) else "from"
            raise Misfilled(block, f"{sentence} These work: {EXAMPLE}.") from error
        return TakeOut(word, start, end, f"{field_of(state, 'cause')} {reason}".strip())


def _reads(since: str, now: datetime, zone: str) -> bool:
    """Whether it is not the beginning that is not understood."""
    try:
        fields(since, "for 1m", now, zone)
    except UserError:
        return False
    return True
