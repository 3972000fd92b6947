"""What part of the history somebody asks for: `ranker kind frozen by mira since 7d`."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from difflib import get_close_matches

from bot.decide.decision import Event
from bot.entrypoints.past import past
from bot.errors import UserError
from bot.flow.show.browse import Question


@dataclass(frozen=True, slots=True)
class ReadHistory:
    """`/budget history [service|team|all] [kind …] [by …] [since …] [until …] [before|after n]`."""

    question: Question = field(default_factory=Question)

    @property
    def word(self) -> str:
        """The scope that is asked about."""
        return self.question.word


CLAUSES = ("kind", "by", "since", "until", "before", "after")
"""Words that begin a part; a service of that name is written `service:kind`."""
_EXAMPLE = "/budget history ranker kind frozen by mira since 7d"


def history(words: Sequence[str], now: datetime, zone: str = "UTC") -> ReadHistory:
    """Understand what follows `/budget history`. Raises UserError with an example."""
    first, clauses = _parted(words)
    if len(first) > 1:
        sentence = f"`history` takes one service or team, not {len(first)}."
        raise UserError(sentence, f"/budget history {first[0]}")
    question = Question(first[0]) if first else Question()
    for name, rest in clauses:
        question = _narrowed(question, name, rest, now, zone)
    return ReadHistory(question)


def _parted(words: Sequence[str]) -> tuple[list[str], list[tuple[str, list[str]]]]:
    """The words before any clause, and each clause with its own."""
    first: list[str] = []
    clauses: list[tuple[str, list[str]]] = []
    for word in words:
        if word.lower() in CLAUSES:
            clauses.append((word.lower(), []))
        else:
            (clauses[-1][1] if clauses else first).append(word)
    return first, clauses


def _narrowed(
    question: Question, name: str, rest: Sequence[str], now: datetime, zone: str
) -> Question:
    if not rest:
        raise UserError(f"Something is missing after `{name}`.", _EXAMPLE)
    match name:
        case "kind":
            return replace(question, kinds=(*question.kinds, *_kinds(" ".join(rest))))
        case "by":
            return replace(question, by=" ".join(rest).strip("\"'"))
        case "before":
            return replace(question, before=_number(name, rest))
        case "after":
            return replace(question, after=_number(name, rest))
        case _:
            at, size = past(rest, now, zone)
            if size < len(rest):
                left = " ".join(rest[size:])
                said = " ".join(rest[:size])
                raise UserError(f"I understand `{name} {said}`, but not `{left}`.", _EXAMPLE)
            return replace(question, since=at) if name == "since" else replace(question, until=at)


def _kinds(text: str) -> tuple[Event, ...]:
    """Every kind whose name holds one of the words: `frozen`, `vote`, `freeze,vote-cast`."""
    found: list[Event] = []
    for word in text.replace(",", " ").lower().replace("-", "_").split():
        hits = [event for event in Event if word == event] or [e for e in Event if word in e]
        if not hits:
            near = get_close_matches(word, [str(event) for event in Event], n=1, cutoff=0.4)
            hint = f" Did you mean `{near[0]}`?" if near else ""
            known = ", ".join(Event)
            raise UserError(f"There is no kind `{word}`.{hint} There are: {known}.", _EXAMPLE)
        found += hits
    return tuple(dict.fromkeys(found))


def _number(name: str, rest: Sequence[str]) -> int:
    word = rest[0].removeprefix("no.").removeprefix("#")
    if len(rest) > 1 or not word.isdecimal() or len(word) > 18:
        raise UserError(f"`{name}` takes the number of a decision.", f"/budget history {name} 36")
    return int(word)
