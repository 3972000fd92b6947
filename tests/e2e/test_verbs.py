"""What the verbs say when something is wrong, and the exit codes that scripts go by."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.e2e.counts import burning
from tests.e2e.house import House
from tests.e2e.process import burnban
from tests.e2e.slack import slack, tells
from tests.e2e.verbs import forked_burnban
from tests.fresh import fresh_sqlite


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with slack() as people:
        yield House(
            tmp_path, burning(tmp_path / "slos"), f"sqlite:///{tmp_path / 'burnban.db'}", people
        )


WAYS = forked_burnban, burnban
SAME = ["--help", "check", "status", "show ranker", "history --json", "manifest", "stauts"]


@pytest.mark.parametrize("line", SAME)
def test_a_forked_verb_says_what_one_says_that_starts_from_nothing(line: str, house: House) -> None:
    fresh_sqlite(house.folder / "burnban.db")
    forked, started = (replace(house, speak=way).say(*line.split()) for way in WAYS)
    assert forked.stdout or forked.stderr
    assert (forked.returncode, forked.stdout) == (started.returncode, started.stdout)
    assert forked.stderr == started.stderr


def tamper(house: House, statement: str) -> None:
    database = sqlite3.connect(house.folder / "burnban.db")
    for name in ("no_update", "no_delete", "in_order"):
        database.execute(f"DROP TRIGGER decisions_{name}")
    database.execute(statement)
    database.commit()
    database.close()


def test_a_sound_history_is_verified_and_its_newest_hash_told(house: House) -> None:
    house.say("freeze", "ranker", "bad", "rollout")
    done = house.say("history", "--verify")
    assert (done.returncode, done.stderr) == (0, "")
    tells(done.stdout, "1 decision, the chain is sound; 1 is the newest, its hash is ")
    (row,) = house.json("history")
    tells(done.stdout, f"its hash is {row['hash']}")


def test_a_history_changed_behind_our_back_names_the_first_bad_row_and_ends_with_1(
    house: House,
) -> None:
    house.say("freeze", "ranker", "bad", "rollout")
    house.say("freeze", "all", "really", "bad")
    tamper(house, "UPDATE decisions SET body = replace(body, 'really', 'hardly') WHERE seq = 2")
    done = house.say("history", "--verify")
    assert done.returncode == 1
    tells(done.stdout, "broken at decision 2")
    examined = house.say("doctor")
    assert examined.returncode == 1
    tells(examined.stdout, "history: broken at decision 2")


def test_a_poll_of_a_dead_source_says_why_and_ends_with_1(house: House) -> None:
    (house.specs / "counts.csv").unlink()
    done = house.say("poll", "--once")
    assert done.returncode == 1
    tells(done.stdout, "0 objectives evaluated, 1 without an answer.")
    tells(done.stdout, "counts: ")
    tells(done.stdout, "No such file")


def test_the_doctor_names_a_broken_template_of_the_users_own(house: House) -> None:
    fresh_sqlite(house.folder / "burnban.db")
    own = house.folder / "mine" / "answer"
    own.mkdir(parents=True)
    (own / "message.yaml").write_text("text: '{{ text'\n")
    done = house.say("doctor", BURNBAN_TEMPLATES=str(house.folder / "mine"))
    assert done.returncode == 1
    tells(done.stdout, f"templates: {own / 'message.yaml'}: line 1")


def test_the_doctor_names_a_taken_port_and_knows_a_burnban_behind_it(house: House) -> None:
    fresh_sqlite(house.folder / "burnban.db")
    done = house.say("doctor", PORT=house.slack.server.url.rpartition(":")[2])
    assert done.returncode == 1
    tells(done.stdout, "cannot be taken")
    with house.run() as process:
        sound = house.say("doctor")
        assert sound.returncode == 0, sound.stdout
        tells(sound.stdout, f"PORT: {house.port} is answered by a Burnban")
        tells(sound.stdout, "a second one is refused")
        assert process.alive


def test_the_doctor_checks_the_app_token(house: House) -> None:
    fresh_sqlite(house.folder / "burnban.db")
    done = house.say("doctor", SLACK_APP_TOKEN="xapp-canary")
    assert done.returncode == 1
    tells(done.stdout, "SLACK_APP_TOKEN: Slack refuses the app-level token")
    assert "canary" not in done.stdout
    sound = house.say("doctor", SLACK_APP_TOKEN=house.slack.space.keys.app)
    tells(sound.stdout, "SLACK_APP_TOKEN: opens Socket Mode")
