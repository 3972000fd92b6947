"""Decisions as files: nothing in a sheet is a formula, and lines of JSON can be proven again."""

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.decide.decision import GENESIS, Decision, Event, canonical, chain_hash
from bot.decide.people import Actor, Door
from bot.decide.population import FIELDS
from bot.decide.proof import Link
from bot.entrypoints.exports import CsvSheet, JsonLines, flat, guarded, links_of
from bot.errors import UserError
from tests.builders import NOON, actor, when

EVIL = '=HYPERLINK("http://x.example";"click")'


def link(reason: str = "why", name: str = "ada", seq: int = 1) -> Link:
    who = Actor("UADA", name, Door.SLACK)
    made = Decision(Event.FROZEN, when(NOON), who, "service:ranker", reason, {"freeze": 4})
    body = canonical(made)
    return Link(seq, GENESIS, chain_hash(GENESIS, seq, body), body)


def sheet(*links: Link) -> list[dict[str, str]]:
    out = io.StringIO(newline="")
    written = CsvSheet(out)
    for one in links:
        written.take(one)
    return list(csv.DictReader(io.StringIO(out.getvalue(), newline="")))


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_a_cell_that_begins_a_formula_is_guarded(first: str) -> None:
    assert guarded(f"{first}1+1") == f"'{first}1+1"


@pytest.mark.parametrize("cell", ["", "why", "1+1", "'=1", " =1", "a@b"])
def test_any_other_cell_stays_as_it_is(cell: str) -> None:
    assert guarded(cell) == cell


def test_no_cell_of_a_sheet_is_a_formula_wherever_the_text_came_from() -> None:
    (row,) = sheet(link(reason=EVIL, name="@SUM(1)"))
    assert row["reason"] == f"'{EVIL}"
    assert row["actor_name"] == "'@SUM(1)"
    assert not [cell for cell in row.values() if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_a_sheet_has_all_columns_in_their_order_and_a_row_a_decision() -> None:
    rows = sheet(link(), link('a, "b"\nc', seq=2))
    assert tuple(rows[0]) == FIELDS
    assert [row["seq"] for row in rows] == ["1", "2"]
    assert rows[1]["reason"] == 'a, "b"\nc'
    assert (rows[0]["freeze"], rows[0]["evidence"]) == ("4", '{"freeze": 4}')


@given(st.text(st.characters(codec="utf-8"), max_size=30))
def test_every_reason_comes_back_from_a_sheet(reason: str) -> None:
    (row,) = sheet(link(reason=reason))
    assert row["reason"] in (reason, f"'{reason}")
    assert (row["reason"] == reason) is (guarded(reason) == reason)


def test_lines_of_json_bear_the_text_that_the_hash_was_made_of(tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    links = [link(), link(EVIL, seq=2)]
    with path.open("w", encoding="utf-8", newline="") as out:
        written = JsonLines(out)
        for one in links:
            written.take(one)
    assert list(links_of(path)) == links
    first, second = (json.loads(line) for line in path.read_text().splitlines())
    assert first["hash"] == chain_hash(first["previous"], first["seq"], first["body"])
    assert second["fields"]["reason"] == EVIL


@pytest.mark.parametrize("line", ["", "{}", "[]", "7", '{"seq": "x"}', "seq=1"])
def test_a_line_that_is_no_decision_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "history.jsonl"
    path.write_text(f"{line}\n")
    with pytest.raises(UserError, match=r"Line 1 of .* is no decision"):
        list(links_of(path))


def test_all_columns_but_those_of_the_chain_come_from_the_population() -> None:
    assert set(flat(link())) == set(FIELDS)
    assert flat(link())["actor"] == actor().id
