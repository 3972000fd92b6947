"""Somebody tells of a release: a pipeline over the API, a person in Slack or in the terminal."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.decide.catalog import Catalog
from bot.decide.change import Change
from bot.decide.decision import Decision, Event
from bot.decide.noted import ENDS, OLDEST, Word, check, check_sum, end_of
from bot.decide.people import Actor
from bot.decide.release import OPENING, Note, NoteKind
from bot.decide.scope import Reach, Scope
from bot.errors import Contradicted, NoSuch, Unfit
from bot.flow.alike import alike
from bot.flow.facts import Facts
from bot.flow.gate.answers import iso
from bot.flow.gated import Passage, words_for
from bot.flow.noting import answer_for, tell
from bot.flow.releases import releases_line
from bot.judge.dates import instant
from bot.ports import Books, Clock, Record


@dataclass(frozen=True, slots=True)
class Noted:
    """What stands in the journal now."""

    note: Note
    fresh: bool
    """False: it stood there already."""
    sentence: str
    warning: str = ""
    """What releases being frozen means for it; empty: they are not, or it had the gate's word."""


@dataclass(frozen=True)
class NoteRelease:
    """The flow behind POST /v1/releases, `/budget released` and `burnban released`."""

    record: Record
    clock: Clock
    catalog: Callable[[], Catalog]

    def run(self, word: Word, actor: Actor, once: str = "", *, alone: bool = False) -> Noted:
        """Told, and on record with who says so. `once`: what makes this request that one request;
        `alone`: the teller shifts traffic to one new version at a time, and what it told of the
        share of another is over. Raises Unfit, NoSuch; Contradicted where `once` stands for
        something else."""
        catalog = self.catalog()
        if word.service not in catalog.services:
            near = alike(word.service, catalog.services, 1)
            hint = f" Did you mean `{near[0]}`?" if near else ""
            raise NoSuch(f"There is no service `{word.service}`.{hint}")

        def work(books: Books) -> Noted:
            books.history.hold()
            now = self.clock.now()
            check(word, now)
            key = _key(word, actor, once, now)
            kept = books.journal.find(key)
            if kept is not None and not word.same(kept):
                sentence = "This Idempotency-Key was used for another note."
                raise Contradicted(sentence, "a new key for each note")
            if kept is not None:
                return Noted(kept, fresh=False, sentence=sentence_of(kept))
            note = self._told(books, word, actor, key, now, alone=alone)
            policy = catalog.policy_for(Scope(Reach.SERVICE, word.service)).version
            said, scope = sentence_of(note), f"service:{word.service}"
            books.history.append(
                Decision(Event.RELEASE_NOTED, now, actor, scope, said, _evidence(note), policy)
            )
            return Noted(
                note, fresh=True, sentence=said, warning=_warning(books, catalog, note, now)
            )

        return self.record.write(work)

    def _told(
        self, books: Books, word: Word, actor: Actor, key: str, now: datetime, *, alone: bool
    ) -> Note:
        change = Change(word.service, word.version, word.commit, word.digest)
        if word.kind in ENDS and word.version:
            _refuse_unknown(books, word)
        at = _fitting(books, word, min(word.at or now, now), alone=alone)
        answered = answer_for(books, change, at)
        note = tell(
            books,
            Note(
                0, key, word.service, word.version, word.kind, at.astimezone(UTC),
                f"{actor.door} {actor.name}", word.share, word.actor or actor.name, word.commit,
                word.digest, word.committed, answered.seq if answered is not None else 0,
            ),
        )  # fmt: skip
        if note is None:
            raise Unfit("version", "Nothing names the release: say its version, commit or digest.")
        return note


def _fitting(books: Books, word: Word, at: datetime, *, alone: bool) -> datetime:
    """When it was, as far as that goes with what was told before. Raises Unfit."""
    if word.kind in ENDS and word.version:
        return end_of(word, books.journal.of([word.service], at - OLDEST), at)
    if word.kind is NoteKind.SHARE and not alone:
        check_sum(word, books.journal.of([word.service], at - OLDEST), at)
    return at


def _warning(books: Books, catalog: Catalog, note: Note, now: datetime) -> str:
    """The note stands, for it tells what is; that it went without the gate's word is said. What is
    told of a time before a freeze began was not stopped by it."""
    if note.decision or note.kind not in OPENING:
        return ""
    service = catalog.services[note.service]
    standing = [one for one in books.freezes.standing(now) if one.scope.covers(service)]
    stops = [one for one in standing if one.stops(now) and one.starts_at <= note.at]
    (word,) = words_for(
        books, [Passage(note.service, note.version, note.commit, note.digest, note.at)]
    )
    if not (stops or word.stopped):
        return ""
    frozen = f"{releases_line(note.service, stops)} " if stops else ""
    asked = f"the gate stopped it (decision {word.stopped})" if word.stopped else _NEVER
    return (
        f"{frozen}{note.version} has no word of the gate that lets it go: {asked}. The note stands,"
        " since it says what serves, and is listed among the releases without the gate's word"
        " (burnban releases --ungated)."
    )


_NEVER = "it never asked"


def _refuse_unknown(books: Books, word: Word) -> None:
    if word.version not in books.journal.knows(word.service, [word.version]):
        sentence = f"Nobody ever told of a release {word.version} of {word.service}."
        raise Unfit("version", f"{sentence} Is it written right? If so, tell first that it began.")


def _key(word: Word, actor: Actor, once: str, now: datetime) -> str:
    at = (word.at or now).astimezone(UTC).isoformat()
    said = (word.service, word.version, word.commit, word.digest, word.kind, word.share, at)
    what = once or "\n".join(map(str, said))
    return f"told:{hashlib.sha256(f'{actor.id} {what}'.encode()).hexdigest()}"


_SAYS = {
    NoteKind.ANNOUNCED: "may go since",
    NoteKind.BEGAN: "serves all traffic since",
    NoteKind.ENDED: "serves nothing since",
    NoteKind.ROLLED_BACK: "was rolled back",
    NoteKind.FAILED: "never came to serve, as was told",
}


def sentence_of(note: Note) -> str:
    """What a note says, for people."""
    part = f"serves {float(100 * (note.share or 0)):.3g} % of the traffic since"
    says = _SAYS.get(note.kind, part)
    return f"{note.version} of {note.service} {says} {instant(note.at)}"


def _evidence(note: Note) -> Facts:
    return {
        "note": note.id,
        "version": note.version,
        "kind": str(note.kind),
        "at": iso(note.at),
        "share": None if note.share is None else str(note.share),
        "commit": note.commit,
        "digest": note.digest,
        "committed": iso(note.committed) if note.committed is not None else None,
        "origin": note.origin,
        "deployer": note.actor,
        "decision": note.decision or None,
    }
