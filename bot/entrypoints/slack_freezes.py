"""`/freeze list`, `/freeze preview` and `/freeze edit` in Slack."""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from bot.decide.people import Actor
from bot.entrypoints.grammar_freeze import EditWords, ListFreezes, PreviewFreeze
from bot.entrypoints.new_end import new_end
from bot.entrypoints.slack_readers import Readers
from bot.entrypoints.slack_reply import Desk
from bot.flow.freeze.edit import EditFreeze, Revision
from bot.flow.show.survey import Survey


@dataclass(frozen=True)
class FreezeWords:
    """What happens behind them."""

    desk: Desk
    survey: Survey
    editing: EditFreeze
    readers: Readers

    def look(self, question: ListFreezes | PreviewFreeze, user: str, url: str) -> None:
        """Answer a question."""
        self.readers.admit(user)
        match question:
            case ListFreezes():
                self.desk.show(url, "freezes", partial(self.survey.listing, question.word))
            case PreviewFreeze():
                until = question.until
                end = self.desk.now() + until if isinstance(until, timedelta) else until
                self.desk.show(
                    url, "freeze_preview", partial(self.survey.preview, question.word, end)
                )

    def edit(self, words: EditWords, actor: Actor, url: str, once: str) -> None:
        """Edit a freeze, and say which end was understood."""
        revision = Revision(words.number, words.why, words.until, words.reason_only)
        outcome = self.editing.run(revision, actor, once)
        said = f"{outcome.sentence} {new_end(words, outcome)}".strip()
        self.desk.tell(url, said, then=outcome.next)
