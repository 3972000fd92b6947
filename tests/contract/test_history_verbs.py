"""The verbs of the history: as an auditor types them, with the exit codes that scripts go by."""

import csv
import io
import json
import os
import sqlite3
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.config import read_settings
from bot.errors import BurnbanError
from bot.record import Database, migrate
from bot.wiring.anchor import leave_anchors
from bot.wiring.commands import app
from bot.wiring.complain import complaint
from bot.wiring.core import core
from bot.wiring.doctor_history import check_history
from tests.e2e.counts import burning
from tests.e2e.slack import tells
from tests.record_samples import decision

REASONS = ("=1+1 for the record", "second", "third")


@dataclass(frozen=True)
class Said:
    """What came of a verb."""

    code: int
    out: str
    err: str


@dataclass
class House:
    """A folder with three decisions in its database, and the settings of the environment."""

    folder: Path
    monkeypatch: pytest.MonkeyPatch
    anchors: Path = field(init=False)

    def __post_init__(self) -> None:
        self.anchors = self.folder / "anchors.jsonl"
        url = f"sqlite:///{self.folder / 'burnban.db'}"
        specs = burning(self.folder / "slos")
        self.set(DATABASE_URL=url, BURNBAN_SPECS=str(specs), BURNBAN_ANCHOR_FILE=str(self.anchors))
        migrate(url)
        with Database(url) as record:
            for reason in REASONS:
                made = replace(decision(), reason=reason, at=datetime.now(UTC))
                record.write(lambda books, one=made: books.history.append(one))

    def set(self, **names: str) -> None:
        """Settings from now on."""
        for name, value in names.items():
            self.monkeypatch.setenv(name, value)

    def say(self, *words: str) -> Said:
        """A verb, its exit code and words as `burnban` gives them."""
        done = CliRunner().invoke(app, ["history", *words])
        if isinstance(done.exception, BurnbanError):
            code, text = complaint(done.exception)
            assert code is not None
            return Said(code, done.stdout, f"{done.stderr}{text}")
        return Said(done.exit_code, done.stdout, done.stderr)

    def rows(self, *words: str) -> list[dict[str, object]]:
        """What `burnban history --json` prints."""
        return list(json.loads(self.say(*words, "--json").out))

    def doctor(self) -> str:
        """What the doctor says of the history."""
        return "\n".join(
            f"{line.ok} {line.better} {line.subject}: {line.text}"
            for line in check_history(read_settings())
        )

    def key(self) -> str:
        """Give the house a key; its public one."""
        first, *_, last = self.say("key").out.splitlines()
        name, _, private = first.partition("=")
        self.set(**{name: private})
        return last.rpartition(" ")[2]

    def hour(self) -> None:
        """What a running Burnban leaves outside in an hour."""
        with core(read_settings()) as built:
            assert leave_anchors(built).run() == 1

    def tamper(self, *statements: str) -> None:
        """Behind our back."""
        with sqlite3.connect(self.folder / "burnban.db") as database:
            for statement in statements:
                database.execute(statement)
        database.close()


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.chdir(tmp_path)
    return House(tmp_path, monkeypatch)


def test_a_cut_tail_is_named_by_the_anchors_and_ends_with_1(house: House) -> None:
    public = house.key()
    house.hour()
    sound = house.say("verify")
    assert sound.code == 0, sound.out + sound.err
    tells(sound.out, "3 decisions, the chain is sound")
    tells(sound.out, "1 of the decisions is as it was anchored")
    house.tamper(
        "DROP TRIGGER decisions_no_delete",
        "UPDATE decision_head SET seq = 2, hash = (SELECT hash FROM decisions WHERE seq = 2)",
        "DELETE FROM decisions WHERE seq = 3",
    )
    copied = house.folder / "copied.txt"
    copied.write_text(f"As it stood:\n{house.anchors.read_text()}")
    assert house.say("verify").code == 1
    tells(house.doctor(), "history: broken at decision 3")
    house.set(BURNBAN_ANCHOR_KEY="", BURNBAN_ANCHOR_FILE="")
    assert house.say("verify").code == 0, "the chain alone does not see a cut"
    found = house.say("verify", "--anchor", str(copied), "--key", public)
    assert found.code == 1
    tells(found.out, "broken at decision 3: the history ends at decision 2, but decision 3 was")


def test_a_gap_and_a_changed_row_are_named(house: House) -> None:
    house.tamper("DROP TRIGGER decisions_no_delete", "DELETE FROM decisions WHERE seq = 2")
    done = house.say("verify")
    assert done.code == 1
    tells(done.out, "broken at decision 2: decision 2 is missing; the next one stored is 3")


def test_what_cannot_be_compared_ends_with_2(house: House) -> None:
    for words in (
        ["--anchor", "nowhere.jsonl"],
        ["--key", "0f"],
        ["--export", "nowhere.jsonl"],
    ):
        done = house.say("verify", *words)
        assert (done.code, done.out) == (2, ""), words
        assert done.err.strip()


def test_the_history_is_read_with_the_words_of_slack(house: House) -> None:
    rows = house.rows("all", "kind", "frozen", "since", "1d")
    assert [row["seq"] for row in rows] == [3, 2, 1]
    rows = house.rows("before", "3", "--limit", "1")
    assert [row["seq"] for row in rows] == [2]
    done = house.say("--limit", "2")
    assert len(done.out.splitlines()) == 3
    tells(done.out, "older: burnban history all before 2")
    wrong = house.say("by", "nobody-here")
    assert wrong.code == 2
    tells(wrong.err, "Nobody called `nobody-here` is on record")


def test_an_export_goes_out_as_a_sheet_with_its_manifest(house: House) -> None:
    done = house.say("export", "--format", "csv", "--since", "1d")
    assert done.code == 0, done.err
    rows = list(csv.DictReader(io.StringIO(done.out)))
    assert [row["seq"] for row in rows] == ["1", "2", "3"]
    assert rows[0]["reason"] == "'=1+1 for the record"
    said = json.loads(done.err.splitlines()[-1])
    assert (said["count"], said["first_seq"], said["last_seq"], said["complete"]) == (3, 1, 3, True)
    assert said["head"]["hash"] == rows[2]["hash"]
    assert set(said["filters"]) == {"scope", "since"}


def test_an_exported_file_is_proven_again_and_a_changed_one_is_not(house: House) -> None:
    house.key()
    out = house.folder / "2026.jsonl"
    words = ("export", "--out", str(out))
    done = house.say(*words)
    tells(done.out, f"3 decisions in {out}")
    assert house.say(*words).code == 2, "a file that is there is not overwritten"
    sound = house.say("verify", "--export", str(out))
    assert sound.code == 0, sound.out
    tells(sound.out, "3 decisions, as they went out; 3 is the last")
    out.write_text(out.read_text().replace("second", "zecond"))
    changed = house.say("verify", "--export", str(out))
    assert changed.code == 1
    tells(changed.out, "its SHA-256 is another")


def test_old_decisions_move_out_and_the_rest_is_proven(house: House) -> None:
    house.key()
    house.hour()
    out = house.folder / "old.jsonl"
    refused = house.say("prune", "--before", "1d", "--out", str(out))
    tells(refused.out, "Nothing is older than 1d")
    assert not out.exists()
    words = ("prune", "--before", "0m", "--out", str(out), "--yes")
    done = house.say(*words)
    assert done.code == 0, done.out + done.err
    tells(done.out, "Decisions 1 to 3 move out of the database")
    tells(done.out, "3 decisions moved out")
    (row,) = house.rows()
    assert (row["seq"], row["event"], row["via"]) == (4, "history_pruned", "terminal")
    sound = house.say("verify")
    assert sound.code == 0, sound.out
    tells(sound.out, "decisions up to 3 were moved out, under a sealed checkpoint")
    assert house.say("verify", "--export", str(out)).code == 0
    with core(read_settings()) as built:
        built.record.write(lambda books: books.history.append(decision()))
    assert house.say("verify").code == 0


def test_nothing_moves_out_without_a_yes_nor_from_a_broken_history(house: House) -> None:
    out = house.folder / "old.jsonl"
    words = ("prune", "--before", "0m", "--out", str(out))
    asked = house.say(*words)
    assert asked.code == 1
    house.tamper("DROP TRIGGER decisions_no_update", "UPDATE decisions SET actor = 'x'")
    broken = house.say(*words, "--yes")
    assert broken.code == 2
    tells(broken.err, "The history is not as it was written: decision 1")
    assert not out.exists()


def test_the_doctor_says_where_anchors_go_and_what_would_be_safer(house: House) -> None:
    unsigned = f"True True anchors: every hour to {house.anchors} (none yet); not signed"
    tells(house.doctor(), unsigned)
    tells(house.doctor(), "`burnban history key` makes one")
    public = house.key()
    house.hour()
    tells(house.doctor(), f"True False anchors: every hour to {house.anchors} (last ")
    tells(house.doctor(), f"signed, public key {public}")
    house.anchors.write_text("nothing\n")
    tells(house.doctor(), f"False False anchors: {house.anchors} holds no anchor.")


def test_anchors_that_go_nowhere_are_a_fault(house: House) -> None:
    house.set(BURNBAN_ANCHOR_FILE="")
    tells(house.doctor(), "False False anchors: go nowhere")
    house.set(BURNBAN_OPS_CHANNEL="#ops")
    tells(house.doctor(), "True True anchors: every hour to #ops (none yet)")
    house.set(BURNBAN_ANCHOR_WEBHOOK="http://127.0.0.1:9/canary", BURNBAN_ANCHOR_CHANNEL="#audit")
    tells(house.doctor(), "every hour to #audit (none yet), the webhook (none yet)")
    assert "canary" not in house.doctor()


def test_a_key_is_shown_once_and_is_another_each_time(house: House) -> None:
    keys = [(house.key(), os.environ["BURNBAN_ANCHOR_KEY"]) for _ in range(2)]
    assert len({*keys[0], *keys[1]}) == 4
    kept = [path for path in house.folder.rglob("*") if path.is_file()]
    assert not [path for path in kept if keys[0][1].encode() in path.read_bytes()]
