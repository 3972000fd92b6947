"""The words of `/override` and `/freeze dispute`, handed to their flows: the same from Slack and
from the terminal."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.decide.catalog import Catalog
from bot.decide.change import ChangeKind, read_release
from bot.decide.people import Actor
from bot.entrypoints.grammar_dispute import DisputeWords
from bot.entrypoints.grammar_override import (
    EXAMPLE,
    EXAMPLES,
    Asking,
    CancelWords,
    GlassWords,
    OverrideWords,
    ReviewWords,
    RevokeWords,
)
from bot.errors import UserError
from bot.flow.ask.asking import service_scope
from bot.flow.ask.request import Outcome
from bot.flow.ask.take_back import TakeBack
from bot.flow.freeze.dispute import Dispute, Objection
from bot.flow.named import number_in
from bot.flow.override.break_glass import BreakGlass
from bot.flow.override.listing import ListOverrides
from bot.flow.override.request import AskOverride
from bot.flow.override.review import FinishReview
from bot.flow.override.revoke import RevokeOverride, override_of
from bot.ports import Record


@dataclass(frozen=True)
class OverrideFlows:
    """What stands behind the words."""

    record: Record
    catalog: Callable[[], Catalog]
    asking: AskOverride
    glass: BreakGlass
    revoking: RevokeOverride
    reviewing: FinishReview
    taking: TakeBack
    listing: ListOverrides
    disputing: Dispute

    def obey(self, words: Asking | DisputeWords, actor: Actor, once: str = "") -> Outcome:
        """Do what the words say. Raises UserError; Repeated if this was acted upon already."""
        match words:
            case OverrideWords():
                service = service_scope(self.catalog(), words.service, EXAMPLE).name
                change = read_release(service, words.release, words.kind, words.ticket)
                return self.asking.run(change, words.reason, actor, once)
            case GlassWords():
                return self._break(words, actor, once)
            case CancelWords():
                self.record.read(lambda books: override_of(books, words.number))
                return Outcome(self.taking.request(words.number, actor, once), "")
            case RevokeWords():
                return Outcome(self.revoking.run(words.number, words.reason, actor, once), "")
            case ReviewWords():
                return Outcome(self.reviewing.run(words.number, words.finding, actor, once), "")
            case DisputeWords():
                return self.disputing.run(self._objection(words), actor, once)

    def _break(self, words: GlassWords, actor: Actor, once: str) -> Outcome:
        example = EXAMPLES["break-glass"]
        service = service_scope(self.catalog(), words.service, example).name
        change = read_release(service, words.release, ChangeKind.OTHER)
        return self.glass.run(change, words.incident, words.reason, actor, once)

    def _objection(self, words: DisputeWords) -> Objection:
        """A word for a scope comes first; `#12` is always a number."""
        number = number_in(words.word)
        try:
            return Objection(self.catalog().scope(words.word), words.reason)
        except UserError:
            if number is None:
                raise
        freeze = self.record.read(lambda books: books.freezes.get(number))
        if freeze is None:
            raise UserError(f"There is no freeze {number}.", "/freeze list")
        return Objection(freeze.scope, words.reason, number)
