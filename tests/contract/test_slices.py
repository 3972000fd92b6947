"""POST /v1/slices over HTTP, from a real server."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner, Result

from bot.errors import UserError
from bot.record import Database
from bot.wiring.commands import app
from tests.api import Api, serving
from tests.builders import HOUR, NOON
from tests.flow.conftest import World
from tests.flow.feeding import Feeding
from tests.flow.gates import Gates

pytest_plugins = ["tests.record_stores"]


@pytest.fixture
def api(sqlite_url: str) -> Iterator[Api]:
    with Database(sqlite_url) as record:
        feeding = Feeding(World(record))
        with serving(Gates(feeding.world), feeding.catalog()) as served:
            yield served


def iso(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat()


def row(hour: int = 0, **more: Any) -> dict[str, Any]:
    end = NOON + hour * HOUR
    counts = {"tp": 90, "fp": 10, "fn": 0, "tn": 0}
    return {"start": iso(end - HOUR), "end": iso(end), "version": "38", **counts, **more}


def batch(*rows: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"feed": "ranker-labels", "slices": list(rows), **more}


def push(api: Api, body: Any, *scopes: str, **headers: str) -> httpx.Response:
    with api.client(*(scopes or ("slices:push:ranker-labels",))) as client:
        return client.post("/slices", json=body, headers=headers)


def test_a_batch_is_taken_and_says_so(api: Api) -> None:
    answer = push(api, batch(row(), row(-1)))
    assert answer.status_code == 200
    assert answer.json() == {
        "feed": "ranker-labels",
        "taken": 2,
        "changed": 2,
        "refused": [],
        "restated": [],
    }


def test_every_fault_is_told_with_its_place_field_and_rule(api: Api) -> None:
    rows = [
        row(),
        row(-1, tp="many"),
        row(-2, start="2026-03-02T09:00:00"),
        row(-3, fp=-1),
        row(-4, kind="x"),
        {"end": iso(NOON)},
    ]
    said = push(api, batch(*rows)).json()
    assert said["taken"] == 1
    assert [(one["index"], one["field"]) for one in said["refused"]] == [
        (1, "tp"), (2, "start"), (3, "fp"), (4, "kind"), (5, "start"),
    ]  # fmt: skip
    assert said["refused"][2]["rule"] == "is -1: a count is never negative"


def test_an_atomic_batch_with_a_fault_is_refused_as_a_whole(api: Api) -> None:
    answer = push(api, batch(row(), row(2), atomic=True))
    assert answer.status_code == 422
    error = answer.json()["error"]
    assert error["code"] == "refused"
    assert error["fields"] == [
        {
            "field": "slices[1].end",
            "problem": "lies in the future: only what has happened can be counted",
        }
    ]
    assert push(api, batch(row())).json()["changed"] == 1


def test_what_is_no_number_is_refused_in_its_row(api: Api) -> None:
    with api.client("slices:push:*") as client:
        text = json.dumps(batch(row(), row(-1, tp=float("nan"))))
        assert "NaN" in text
        headers = {"Content-Type": "application/json"}
        said = client.post("/slices", content=text, headers=headers).json()
    assert [(one["index"], one["rule"]) for one in said["refused"]] == [
        (1, "must be a finite number")
    ]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"slices": [row()]}, "body.feed"),
        (batch(), "body.slices"),
        (batch(5), "body.slices"),  # type: ignore[arg-type] # what is no mapping
        (batch(row(), atomic="yes please"), "body.atomic"),
        (batch(row(), more=1), "body.more"),
        (batch(*[{}] * 10_001), "body.slices"),
    ],
)
def test_a_batch_of_another_shape_is_refused(api: Api, body: Any, field: str) -> None:
    answer = push(api, body)
    assert answer.status_code == 422
    assert field in [one["field"] for one in answer.json()["error"]["fields"]]


@pytest.mark.parametrize(
    ("text", "status", "message"),
    [
        ('{"feed": "ranker-labels", "slices": [{"start"', 422, "body: is no JSON, or only a part"),
        ("[" * 100_000, 400, "The body is no JSON that can be read."),
        ('{"feed": "x", "slices": [{"tp": ' + "9" * 5_000 + "}]}", 400, "The body is no JSON"),
    ],
)
def test_what_arrived_in_part_or_cannot_be_read_is_said_to(
    api: Api, text: str, status: int, message: str
) -> None:
    with api.client("slices:push:*") as client:
        headers = {"Content-Type": "application/json"}
        answer = client.post("/slices", content=text, headers=headers)
    assert answer.status_code == status
    error = answer.json()["error"]
    assert error["code"] == "invalid"
    assert message in error["message"]


def test_a_feed_that_nobody_counts_and_a_token_that_may_not(api: Api) -> None:
    unknown = push(api, {**batch(row()), "feed": "ranker-label"}, "slices:push:*")
    assert unknown.status_code == 404
    assert unknown.json()["error"]["remedy"] == "did you mean ranker-labels?"
    assert push(api, batch(row()), "gate:decide:*", "read").status_code == 403
    assert push(api, batch(row()), "slices:push:recs").status_code == 403
    assert push(api, batch(row()), "slices:push:ranker").status_code == 200


def test_a_key_stands_for_one_batch(api: Api) -> None:
    keys = {"Idempotency-Key": "run-1"}
    with api.client("slices:push:*") as client:
        first = client.post("/slices", json=batch(row()), headers=keys)
        assert client.post("/slices", json=batch(row()), headers=keys).json() == first.json()
        other = client.post("/slices", json=batch(row(-1)), headers=keys)
    assert other.status_code == 409
    assert other.json()["error"]["code"] == "conflict"


@pytest.mark.parametrize("odd", [{"version": "\ud800"}, {"\ud800": 1}, {"end": "\udfff"}])
def test_half_a_character_is_a_fault_of_its_row_with_a_key_too(
    api: Api, odd: dict[str, Any]
) -> None:
    said = json.dumps(batch(row(), row(-1) | odd))
    with api.client("slices:push:*") as client:
        for more in ({}, {"Idempotency-Key": "run-1"}):
            headers = {"Content-Type": "application/json"} | more
            answer = client.post("/slices", content=said, headers=headers)
            assert answer.status_code == 200
            assert {one["index"] for one in answer.json()["refused"]} == {1}


def test_ten_thousand_slices_are_one_batch(api: Api) -> None:
    rows = [
        {"start": iso(at - 60), "end": iso(at), "version": "release-2026-02-28.1", "tp": 90,
         "fp": 10, "fn": 3, "tn": 400, "positives": 100, "negatives": 403}
        for at in range(NOON - 9_999 * 60, NOON + 1, 60)
    ]  # fmt: skip
    body = batch(*rows)
    assert len(json.dumps(body)) > 256 * 1024
    assert push(api, body).json()["taken"] == 10_000


def test_no_other_endpoint_takes_that_much(api: Api) -> None:
    with api.client() as client:
        answer = client.post("/gate/decisions", json={"subject": {"service": "x" * 300_000}})
    assert answer.status_code == 413


def verb(api: Api, *words: str, token: str = "", text: str | None = None) -> Result:
    """`burnban push …` in this process, against the real server."""
    environment = {"BURNBAN_URL": api.url, "BURNBAN_TOKEN": token or api.token("slices:push:*")}
    return CliRunner().invoke(app, ["push", *words], input=text, env=environment)


def test_the_verb_pushes_csv_and_says_every_refused_row(api: Api, tmp_path: Path) -> None:
    file = tmp_path / "labels.csv"
    lines = [
        "start,end,version,tp,fp,fn,tn",
        f"{iso(NOON - HOUR)},{iso(NOON)},38,90,10,0,0",
        f"{iso(NOON)},{iso(NOON + HOUR)},38,90,10,0,0",
    ]
    file.write_text("\n".join(lines))
    done = verb(api, str(file), "--feed", "ranker-labels")
    assert done.exit_code == 21
    assert "ranker-labels: 1 taken, 1 of them new; 1 refused" in done.output
    assert "line 3: end lies in the future" in done.output
    again = verb(api, str(file), "--feed", "ranker-labels", "--atomic")
    assert again.exit_code == 21
    assert "1 row is refused, so nothing was taken" in again.output
    assert "line 3: end lies in the future" in again.output


def test_the_verb_pushes_json_lines_from_a_pipe(api: Api) -> None:
    text = "".join(json.dumps(row(hour)) + "\n" for hour in (-1, 0))
    done = verb(api, "-", "--feed", "ranker-labels", text=text)
    assert done.exit_code == 0
    assert "ranker-labels: 2 taken, 2 of them new; 0 refused" in done.output
    assert verb(api, "-", "--feed", "ranker-labels", text="").exit_code == 0


def test_what_comes_through_a_pipe_is_utf8_whatever_the_locale(api: Api) -> None:
    words = ["push", "-", "--feed", "ranker-labels"]
    environment = {"BURNBAN_URL": api.url, "BURNBAN_TOKEN": api.token("slices:push:*")}
    bom = b"\xef\xbb\xbf" + json.dumps(row(version="Größe")).encode()
    done = CliRunner().invoke(app, words, input=bom, env=environment)
    assert "1 taken, 1 of them new" in done.output
    other = CliRunner().invoke(app, words, input=b'{"version": "Gr\xf6"}', env=environment)
    assert isinstance(other.exception, UserError)
    assert str(other.exception) == "Standard input is no text in UTF-8."


def test_the_newest_word_counts_also_if_it_is_one_of_before(api: Api) -> None:
    first, second = (json.dumps(row(tp=tp, fp=100 - tp)) for tp in (90, 80))
    token = api.token("slices:push:*")
    for text in (first, second, first):
        done = verb(api, "-", "--feed", "ranker-labels", token=token, text=text)
        assert "ranker-labels: 1 taken, 1 of them new; 0 refused" in done.output
    record = api.gates.world.record
    [kept] = record.read(lambda books: books.observations.of("ranker-labels", 0, 2**40))
    assert (kept.tp, kept.fp) == (90, 10)


def test_the_verb_says_who_may_not_and_what_is_not_known(api: Api) -> None:
    text = json.dumps(row())
    token = api.token("read")
    done = verb(api, "-", "--feed", "ranker-labels", token=token, text=text)
    assert done.exit_code == 13
    assert "slices:push:ranker-labels" in done.output
    unknown = verb(api, "-", "--feed", "labels", text=text)
    assert unknown.exit_code == 2
    assert "did you mean ranker-labels?" in unknown.output
