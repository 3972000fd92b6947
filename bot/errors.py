"""Every error that Burnban raises on purpose.

BurnbanError
├── ConfigError          the environment is wrong; all faults at once
├── SpecError            spec files are wrong; all faults at once
├── UserError            somebody asked for what cannot be; the sentence is the answer
│   ├── Unplaced         a word means no scope, or several
│   ├── Unidentified     nobody knows who asks
│   ├── Forbidden        who asks may not
│   ├── NoSuch           there is no such thing
│   └── Contradicted     it does not fit what was said, or asked, before
├── Undecidable          the gate cannot answer just now; ask again after `retry_after` seconds
├── Repeated             this very request was acted upon already; there is nothing to do or say
├── SourceError          a metric source did not answer as it should
├── RecordError          the database did not take or give what it should
│   ├── LeaseLost        somebody else holds the row now; the work is theirs
│   ├── Silent           it was not there, or did not answer in time; nothing was stored
│   └── Doubtful         nobody knows whether the change was stored
└── DeliveryError        a message did not (provably) reach its channel
    ├── RateLimited      refused for now; try again after `retry_after` seconds
    │   └── Unreachable  nobody was there to take it: certainly not sent
    ├── Refused          refused for good; `code` says why
    └── Unclear          nobody knows whether it arrived; look before posting again
"""

from dataclasses import dataclass


class BurnbanError(Exception):
    """The root: anything below it is expected and carries a sentence for people."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in one place: what is wrong, and what would be right."""

    where: str
    """File and line (`slos/ranker.yaml:12`) or the name of a setting."""
    path: str
    """The field, as a path from the top of the document (`spec.objectives[0].target`)."""
    problem: str
    remedy: str = ""

    def __str__(self) -> str:
        place = f"{self.where}: {self.path}" if self.path else self.where
        return f"{place}: {self.problem}" + (f" {self.remedy}" if self.remedy else "")


def of_our_own(error: Exception) -> str:
    """What went wrong where nothing should: the fault is Burnban's, and it goes on without."""
    name = type(error).__name__
    return f"Burnban itself failed ({name}): the log says where; please report it, with that line"


class FaultyError(BurnbanError):
    """A list of faults, all told at once."""

    def __init__(self, faults: "list[Fault] | tuple[Fault, ...]") -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class ConfigError(FaultyError):
    """The environment is wrong."""


class SpecError(FaultyError):
    """Spec files are wrong."""


class UserError(BurnbanError):
    """What was asked cannot be done; `example` shows a form that works."""

    def __init__(self, sentence: str, example: str = "") -> None:
        self.sentence = sentence
        self.example = example
        super().__init__(sentence)


class Unplaced(UserError):
    """A word means no scope, or several; `example` is one that works in its place. `near`: it may
    well be the one that was meant; else it is any that there is."""

    def __init__(self, sentence: str, example: str, word: str, *, near: bool = True) -> None:
        self.word = word
        self.near = near
        super().__init__(sentence, example)


class Unidentified(UserError):
    """Nobody knows who asks: no token, or none that counts."""


class Forbidden(UserError):
    """Who asks is known, and may not."""


class NoSuch(UserError):
    """There is no such thing."""


class Contradicted(UserError):
    """It does not fit what was said, or asked, before."""


class Unfit(UserError):
    """A field of what was said is wrong; `field` names it."""

    def __init__(self, field: str, sentence: str, example: str = "") -> None:
        self.field = field
        super().__init__(sentence, example)


class Undecidable(BurnbanError):
    """There is no answer now, neither yes nor no."""

    def __init__(self, sentence: str, retry_after: int = 10) -> None:
        self.retry_after = retry_after
        super().__init__(sentence)


class Repeated(BurnbanError):
    """A request arrived a second time."""


class SourceError(BurnbanError):
    """A metric source is down, slow, refusing, or talking nonsense; the text says which."""


class RecordError(BurnbanError):
    """The database is gone, locked, or refused."""


class LeaseLost(RecordError):
    """The row was claimed by somebody else meanwhile; nothing was written."""


class Silent(RecordError):
    """The database was not there, or did not answer in time: the next request will hardly find it
    otherwise. Nothing was stored."""


class Doubtful(RecordError):
    """The database went away while it stored the change: it may be there or not."""


class DeliveryError(BurnbanError):
    """A message was not delivered, as far as we know."""


class RateLimited(DeliveryError):
    """Slack asks for patience."""

    def __init__(self, retry_after: float) -> None:
        self.retry_after = retry_after
        super().__init__(f"rate limited for {retry_after:g} s")


class Unreachable(RateLimited):
    """The connection was never made, so nothing was sent: trying again cannot double anything."""

    def __init__(self, detail: str, retry_after: float) -> None:
        super().__init__(retry_after)
        self.detail = detail

    def __str__(self) -> str:
        return f"cannot be reached: {self.detail}"


class Refused(DeliveryError):
    """Slack said no; `code` is its own word. Whether it may say yes later depends on the code."""

    def __init__(self, code: str, detail: str = "") -> None:
        self.code = code
        self.detail = detail
        super().__init__(f"refused: {code}" + (f" ({detail})" if detail else ""))


class Unclear(DeliveryError):
    """The answer was lost: the message may stand in the channel or not."""
