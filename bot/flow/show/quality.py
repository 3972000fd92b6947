"""What is known of the quality of a model while labels are on their way: shown, never judged by."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import reduce

from bot.flow.facts import Facts, number
from bot.flow.show.batches import batch_lines
from bot.judge.dates import instant
from bot.judge.indicator import Labelled, Scored
from bot.judge.maturity import Labelled as Shares
from bot.judge.maturity import maturity
from bot.judge.objective import Objective
from bot.judge.observation import Observation
from bot.judge.reason import percent, span
from bot.judge.tally import Confusion, Quality, confusion_of
from bot.judge.track import Chunk, record
from bot.judge.verdict import Verdict
from bot.ports import Books


def labels_facts(
    books: Books, objective: Objective, verdict: Verdict, now: datetime
) -> Facts | None:
    """Matured and pending apart, over the budget window and what has come since; of scores whether
    they are good, bad or undecided; None for what is counted without either."""
    delay = objective.label_delay
    taken = f"labels take {span(delay)}" if delay else ""
    indicator = objective.indicator
    at = int(now.timestamp())
    refused = _refused(books, objective, at)
    if not isinstance(indicator, Labelled):
        lines = [*_batches(books, objective, at), *refused]
        plain: Facts = {"delay": delay, "taken": taken, "lines": lines}
        return plain if delay or lines else None
    since = verdict.spend.since if verdict.spend else at - objective.window_seconds - delay
    rows = books.observations.of(indicator.feed, since, at)
    known = [one for row in rows if (one := confusion_of(row)) is not None]
    facts: Facts = {"delay": delay, "taken": taken, "lines": []}
    if known:
        facts |= _matured(objective, indicator.figure, reduce(Confusion.plus, known))
    if objective.estimate:
        matured = int(verdict.as_of.timestamp()) if verdict.as_of else 0
        told = books.observations.of(objective.estimate, since, at)
        facts["lines"] = [*facts["lines"], *_estimated(told, rows, indicator.figure, matured)]
    facts["lines"] = [*facts["lines"], *refused]
    return facts


def _batches(books: Books, objective: Objective, now: int) -> Iterator[str]:
    indicator = objective.indicator
    if isinstance(indicator, Scored):
        yield from batch_lines(indicator, books.observations.of(indicator.feed, 0, now))


def _refused(books: Books, objective: Objective, now: int) -> list[str]:
    """Rows that are missing from what is counted, while they are news or have been lately."""
    if not objective.feeds:
        return []
    known = [one for one in books.observations.refused(objective.feeds) if not one.over(now)]
    return [f"{one.feed}: {one.sentence} (since {instant(one.since)})." for one in known]


def _matured(objective: Objective, figure: Quality, sums: Confusion) -> Facts:
    found = maturity(sums, figure)
    low, expected, high = found.left(objective.target)
    return {
        "labelled": number(found.labelled.overall),
        "biased": found.labelled.biased,
        "low": number(low),
        "expected": number(expected),
        "high": number(high),
        "lines": [found.sentence(objective.target), *_by_class(found.labelled)],
    }


def _by_class(labelled: Shares) -> list[str]:
    """Which predictions the labels that are there speak for, while some are missing."""
    positive, negative = labelled.positive, labelled.negative
    if positive is None or negative is None or positive == negative == 1 or labelled.biased:
        return []  # a bias is said already, with both
    return [
        f"Labels are in for {percent(positive)} of the predicted positives and "
        f"{percent(negative)} of the negatives."
    ]


def _estimated(
    told: Sequence[Observation], rows: Sequence[Observation], figure: Quality, matured: int
) -> list[str]:
    """The newest estimate with its record; never without."""
    estimates = [row for row in told if row.value is not None]
    if not estimates:
        return []
    chunks = [
        Chunk(row.end, row.value or 0.0, _realised(row, rows, figure, matured)) for row in estimates
    ]
    newest = estimates[-1]
    return [record(chunks).sentence(newest.tool or "The estimate", newest.value or 0.0)]


def _realised(
    chunk: Observation, rows: Sequence[Observation], figure: Quality, matured: int
) -> float | None:
    """What the labels of that time came to; None until they have matured."""
    if chunk.end > matured:
        return None
    inside = [r for r in rows if chunk.start <= r.start and r.end <= chunk.end]
    known = [one for row in inside if (one := confusion_of(row)) is not None]
    if not known:
        return None
    counts = reduce(Confusion.plus, known).counts(figure)
    return 1 - counts.bad / counts.eligible if counts.eligible > 0 else None
