"""`burnban push`: files become batches; what fails is tried again as the very same request."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.errors import UserError
from bot.remote.client import Away, Facts, TurnedAway
from bot.remote.push import (
    BATCH,
    TRIES,
    Line,
    PushAll,
    Pushed,
    looks_like_csv,
    read_lines,
)


@dataclass
class Taker:
    """Takes what it gets, once it is there."""

    away: int = 0
    refuses: dict[int, str] = field(default_factory=dict)
    """By the place in the batch, the field."""
    got: list[tuple[Mapping[str, Any], str]] = field(default_factory=list)

    def push(self, batch: Mapping[str, Any], once: str = "", /) -> Facts:
        self.got.append((batch, once))
        if self.away:
            self.away -= 1
            raise Away("nobody is there")
        count = len(batch["slices"])
        refused = [
            {"index": i, "field": name, "rule": "is wrong"}
            for i, name in self.refuses.items()
            if i < count
        ]
        return {"taken": count - len(refused), "changed": count - len(refused), "refused": refused}


def rows(count: int) -> list[Line]:
    return [(n + 2, {"eligible": n}) for n in range(count)]


def test_a_file_is_pushed_in_batches_and_faults_bear_the_line_of_the_file() -> None:
    taker, waits = Taker(refuses={3: "tp"}), list[float]()
    done = PushAll(taker, waits.append).run("labels", rows(BATCH + 10), atomic=False)
    assert [len(batch["slices"]) for batch, _ in taker.got] == [BATCH, 10]
    assert done == Pushed(
        BATCH + 8, BATCH + 8, [(5, "tp", "is wrong"), (BATCH + 5, "tp", "is wrong")]
    )
    assert waits == []


def test_who_is_away_is_asked_again_with_the_same_key_ever_more_patiently() -> None:
    taker, waits = Taker(away=TRIES - 1), list[float]()
    done = PushAll(taker, waits.append).run("labels", rows(2), atomic=True)
    assert done.taken == 2
    assert len({once for _, once in taker.got}) == 1
    assert waits == [2.0, 4.0, 8.0]


def test_who_stays_away_is_told_in_the_end() -> None:
    taker, waits = Taker(away=TRIES), list[float]()
    with pytest.raises(Away):
        PushAll(taker, waits.append).run("labels", rows(2), atomic=False)
    assert len(taker.got) == TRIES


def test_another_batch_has_another_key() -> None:
    taker = Taker()
    flow = PushAll(taker, lambda _: None)
    flow.run("labels", rows(1), atomic=False)
    flow.run("labels", rows(2), atomic=False)
    flow.run("labels", rows(2), atomic=True)
    flow.run("others", rows(2), atomic=True)
    assert len({once for _, once in taker.got}) == 4


def test_what_does_not_fit_in_one_batch_is_not_taken_as_a_whole() -> None:
    with pytest.raises(UserError, match="do not fit in one batch"):
        PushAll(Taker(), lambda _: None).run("labels", rows(BATCH + 1), atomic=True)


def test_json_lines_are_read_with_their_numbers() -> None:
    text = ['{"eligible": 5}\n', "\n", '{"eligible": 6, "tool": "x"}\n']
    assert read_lines(text, as_csv=False) == [
        (1, {"eligible": 5}),
        (3, {"eligible": 6, "tool": "x"}),
    ]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("{", "Line 1 is no JSON"),
        ("[1]", "Line 1 is no object of JSON"),
        ('{"tp": NaN}', "NaN is no number of JSON"),
        ("[" * 100_000, "Line 1 is no JSON"),
        ('{"version": "\\ud800"}', "Line 1 is no JSON"),
    ],
)
def test_what_is_no_json_line_is_told(line: str, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        read_lines([line], as_csv=False)


def test_csv_is_read_by_its_columns_and_empty_cells_are_left_out() -> None:
    text = ["start,end,version, tp,tool\n", "a,b,038,5,\n", "a,c,,many,x\n"]
    assert read_lines(text, as_csv=True) == [
        (2, {"start": "a", "end": "b", "version": "038", "tp": 5.0}),
        (3, {"start": "a", "end": "c", "tp": "many", "tool": "x"}),
    ]


def test_a_cell_that_is_no_finite_number_stays_a_text() -> None:
    assert read_lines(["tp\n", "nan\n"], as_csv=True) == [(2, {"tp": "nan"})]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (["tp,fpp\n", "1,2\n"], "The column `fpp` is not known"),
        ([""], "There are no columns"),
        (["tp\n", "1,2\n"], "Line 2 has more fields than columns"),
        (["tp, fp ,tp\n", "1,2,3\n"], "There are two columns `tp`"),
        (["tp;fp\n", "1;2\n"], "The column `tp;fp` is not known"),
        (["version\n", "x" * 200_000 + "\n"], "Line 2 is no CSV: field larger than"),
    ],
)
def test_what_is_no_csv_of_ours_is_told(text: list[str], sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        read_lines(text, as_csv=True)


def test_csv_is_known_by_its_name_or_its_first_line() -> None:
    assert looks_like_csv("labels.csv", "")
    assert looks_like_csv("-", "start,end,tp")
    assert not looks_like_csv("-", '{"start": 1, "end": 2}')
    assert not looks_like_csv("x.jsonl", "nonsense")


def test_what_is_wrong_with_which_field_comes_with_a_refusal() -> None:
    error = TurnedAway(422, "refused", "mend it", [("slices[0].tp", "is wrong")])
    assert error.fields == (("slices[0].tp", "is wrong"),)
