"""`/budget gate`: may I release now? Asked by people, before anything tries."""

from dataclasses import dataclass, replace

from bot.decide.change import Change, ChangeKind, read_release, typed
from bot.decide.gate import answer, next_close
from bot.decide.gate_answer import Question
from bot.decide.override import Grant, OverrideState, Run
from bot.decide.scope import Reach
from bot.errors import UserError
from bot.flow.facts import Facts, epoch, scope_words
from bot.flow.gate.known import Standing
from bot.flow.gate.reasons import pending_override, reason_facts
from bot.flow.gate.snapshot import Snapshot
from bot.ports import Clock, Record

EXAMPLE = "/budget gate ranker 38"
_LOOKING = Run("slack", "looking")
_LOOKED_AT = 50


@dataclass(frozen=True)
class GateWords:
    """The flow behind the words; nothing is recorded, and no override is used."""

    record: Record
    clock: Clock
    snapshot: Snapshot

    def facts(self, word: str, release: str = "") -> Facts:
        """The facts of `gate`. `release`: a version, commit or digest; empty: any. Raises
        UserError, Undecidable."""
        seen, now = self.snapshot.lately(), self.clock.now()
        catalog = seen.known.catalog
        scope = catalog.scope(word)
        if scope.reach is not Reach.SERVICE:
            raise UserError(f"`gate` takes one service; that is {scope_words(scope)}.", EXAMPLE)
        name = scope.name
        change = read_release(name, release, ChangeKind.OTHER) if release else Change(name)
        freezes, grants, waiting = self.record.read(
            lambda books: (
                books.freezes.standing(now),
                books.grants.of_service(name, _LOOKED_AT),
                pending_override(books, change, now),
            )
        )
        usable = [one for one in grants if one.state(now) is OverrideState.APPROVED]
        judged = seen.of(name)
        found = seen.circumstances(name, Standing.of(freezes))
        said = answer(Question(change, _LOOKING), replace(found, grants=usable), now)
        coming = next_close(found.freezes, now) if said.outcome.goes else None
        return {
            "service": name,
            "name": change.name,
            "word": typed(change),
            "closed": not said.outcome.goes,
            "outcome": str(said.outcome),
            **reason_facts(said, judged),
            "freezes": sorted(said.freezes),
            **_override(said.grant),
            "pending": None if said.outcome.goes else waiting,
            "next_open": epoch(said.next_open),
            "expected_open": epoch(said.expected_open),
            "next_close": epoch(coming.starts_at) if coming is not None else None,
            "next_close_reason": coming.reason if coming is not None else "",
        }


def _override(grant: Grant | None) -> Facts:
    if grant is None:
        return {"override": None, "override_until": None}
    return {"override": grant.request, "override_until": epoch(grant.use_by)}
