"""`/budget releases`, `/budget released` and `/budget tradeoff` in Slack."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from bot.decide.people import Actor
from bot.entrypoints.grammar_release import ReadReleases, ReleasedWords
from bot.entrypoints.grammar_tradeoff import WeighTradeoff
from bot.entrypoints.slack_body import url_of, value_of
from bot.entrypoints.slack_readers import Readers
from bot.entrypoints.slack_reply import Desk
from bot.flow.gate.note import NoteRelease
from bot.flow.show.releases import ShowReleases
from bot.flow.show.tradeoff import ShowTradeoff


@dataclass(frozen=True)
class Releases:
    """What happens behind them."""

    desk: Desk
    showing: ShowReleases
    noting: NoteRelease
    readers: Readers
    weighing: ShowTradeoff

    def look(
        self, question: ReadReleases | WeighTradeoff, url: str, *, replace: bool = False
    ) -> None:
        """Show a page, or what a release would cost and bring."""
        if isinstance(question, WeighTradeoff):
            asked = question.service, question.version, question.changes
            self.desk.show(url, "tradeoff", partial(self.weighing.facts, *asked))
            return
        read = partial(self.showing.facts, question.word, question.page)
        self.desk.show(url, "releases", read, replace=replace)

    def tell(self, words: ReleasedWords, who: Actor, url: str, once: str) -> None:
        """Tell the journal, and say what it has understood."""
        self.readers.admit(who.id)
        found = self.noting.run(words.said, who, once)
        known = "" if found.fresh else " That was on record already."
        frozen = f" {found.warning}" if found.warning else ""
        then = f"`/budget releases {found.note.service}` shows what it does to the budgets."
        self.desk.tell(url, f"On record: {found.sentence}.{known}{frozen}", then=then)

    def page(self, body: Mapping[str, Any]) -> None:
        """Another page, in place of the present one."""
        self.readers.admit(str(body["user"]["id"]))
        word, _, number = value_of(body).partition("|")
        page = int(number[:9]) if number.isdecimal() else 1
        self.look(ReadReleases(word or "all", page), url_of(body), replace=True)
