"""What `burnban doctor` finds, and what it says of it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from bot.playground.model import Bot
from bot.playground.seed import BOT, GUEST, SCIENTIST
from tests.e2e.counts import burning
from tests.e2e.house import House
from tests.e2e.process import burnban
from tests.e2e.slack import slack, tells
from tests.fresh import fresh_sqlite
from tests.ports import free_port
from tests.team import ONCALL_GROUP, TEAM_CHANNEL


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with slack() as people:
        yield House(
            tmp_path, burning(tmp_path / "slos"), f"sqlite:///{tmp_path / 'burnban.db'}", people
        )


def doctor(house: House, **changes: str) -> tuple[int, list[str]]:
    done = house.say("doctor", **changes)
    assert done.stderr == ""
    return done.returncode, done.stdout.splitlines()


def faults(house: House, **changes: str) -> list[str]:
    """What the doctor wants mended."""
    code, lines = doctor(house, **changes)
    found = [line.removeprefix("FIX").strip() for line in lines if line.startswith("FIX")]
    assert code == (1 if found else 0), lines
    return found


def test_the_doctor_finds_nothing_in_a_sound_house(house: House) -> None:
    fresh_sqlite(house.folder / "burnban.db")
    code, lines = doctor(replace(house, speak=burnban))
    assert code == 0, lines
    fine = [line for line in lines if line.startswith("ok")]
    tips = [line for line in lines if line not in fine]
    assert [tip.split(":")[0] for tip in tips] == ["TIP  anchors"], lines
    subjects = [line[2:].strip().split(":")[0] for line in fine]
    assert {"specs", "source counts", "database", "migrations", "signing secret"} <= set(subjects)
    assert {"Slack token", "Slack scopes", "deciders of team search", "clock"} <= set(subjects)
    assert {"channel #ml-ranking", "channel #burnban-ops"} <= set(subjects)


def test_the_doctor_names_a_wrong_token_and_an_ill_formed_secret(house: House) -> None:
    fresh_sqlite(house.folder / "burnban.db")
    (token,) = faults(house, SLACK_BOT_TOKEN="xoxb-wrong")
    tells(token, "Slack token: invalid_auth")
    (secret,) = faults(house, SLACK_SIGNING_SECRET="short")
    tells(secret, "signing secret")


def test_the_doctor_names_a_missing_scope(house: House) -> None:
    fresh_sqlite(house.folder / "burnban.db")
    space = house.slack.space
    space.bot = Bot(scopes=space.bot.scopes - {"usergroups:read"})
    found = faults(house)
    tells(found[0], "Slack scopes: missing usergroups:read")
    tells(found[1], "deciders of team search")


def test_the_doctor_names_a_channel_without_the_bot_and_one_that_is_not_there(house: House) -> None:
    fresh_sqlite(house.folder / "burnban.db")
    house.slack.space.leave(TEAM_CHANNEL.id, BOT.user_id)
    first, second = faults(house, BURNBAN_OPS_CHANNEL="#nowhere")
    tells(first, "channel #ml-ranking: the bot is not in it: /invite @Burnban")
    tells(second, "channel #nowhere: not found")


def test_the_doctor_names_an_archived_channel(house: House) -> None:
    fresh_sqlite(house.folder / "burnban.db")
    room = house.slack.space.channel(TEAM_CHANNEL.id)
    house.slack.space.put_channel(replace(room, is_archived=True))
    (found,) = faults(house)
    tells(found, "channel #ml-ranking: is archived")


def test_the_doctor_names_an_empty_group_and_a_group_of_one(house: House) -> None:
    fresh_sqlite(house.folder / "burnban.db")
    house.slack.space.set_group_users(ONCALL_GROUP.id, [])
    (empty,) = faults(house)
    tells(empty, "deciders of team search: the group is empty")
    house.slack.space.set_group_users(ONCALL_GROUP.id, [SCIENTIST.id])
    (alone,) = faults(house)
    tells(alone, "only one person")


def test_the_doctor_names_a_source_that_is_down(house: House) -> None:
    (house.specs / "counts.csv").unlink()
    (source,) = faults(house)
    tells(source, "source counts: cannot read")
    tells(source, "No such file")


def test_a_database_that_is_not_there_yet_is_no_fault_for_the_first_poll_makes_it(
    house: House,
) -> None:
    code, lines = doctor(house)
    assert code == 0, lines
    tells(
        "\n".join(lines),
        "burnban.db does not exist yet: the first `burnban poll` or `run` makes it",
    )
    house.say("poll", "--once")
    assert (house.folder / "burnban.db").exists()


def test_a_database_of_another_version_is_a_fault_that_is_mended_by_hand(house: House) -> None:
    fresh_sqlite(house.folder / "burnban.db")
    with closing(sqlite3.connect(house.folder / "burnban.db")) as database:
        database.execute("UPDATE burnban_version SET version_num = '0001'")
        database.commit()
    (found,) = faults(house)
    tells(found, "migrations: ")
    tells(found, "run `burnban migrate`")


def test_the_doctor_names_an_objective_of_which_no_poll_found_anything(house: House) -> None:
    rows = (house.specs / "counts.csv").read_text()
    (house.specs / "counts.csv").write_text(rows.replace("ranker/availability", "other/one"))
    fresh_sqlite(house.folder / "burnban.db")
    assert faults(house) == [], "nothing was asked yet"
    house.say("poll", "--once")
    (found,) = faults(house)
    tells(found, "counts of ranker/availability: none by any poll so far")
    tells(found, "see whether ranker/availability is there in counts. Once it is: `burnban poll")
    (house.specs / "counts.csv").write_text(rows)
    house.say("poll", "--once")
    assert faults(house) == []


def test_the_doctor_names_deciders_who_cannot_decide(house: House) -> None:
    team = (house.specs / "ranker.yaml").read_text()
    named = f"approvers: {{users: [U0NOBODY, {GUEST.id}, {SCIENTIST.id}]}}"
    (house.specs / "ranker.yaml").write_text(
        team.replace("  services: [ranker]", f"  {named}\n  services: [ranker]")
    )
    fresh_sqlite(house.folder / "burnban.db")
    (found,) = faults(house)
    tells(found, "deciders of team search: Slack knows nobody as U0NOBODY: copy the member ID")
    tells(found, f"({GUEST.id}): guests cannot decide")
    assert SCIENTIST.id not in found


def test_the_doctor_says_in_one_line_each_what_a_slack_out_of_reach_spoils(house: House) -> None:
    fresh_sqlite(house.folder / "burnban.db")
    nowhere = f"http://127.0.0.1:{free_port()}/api/"
    token, clock = faults(house, SLACK_API_URL=nowhere)
    tells(token, f"Slack token: Slack does not answer at {nowhere}: [Errno 111] Connection refused")
    tells(clock, f"clock: could not be compared: {nowhere} does not answer")


def test_the_doctor_names_every_fault_of_the_specs_and_of_the_settings(house: House) -> None:
    fresh_sqlite(house.folder / "burnban.db")
    sound = (house.specs / "ranker.yaml").read_text()
    (house.specs / "ranker.yaml").write_text(sound.replace("target: 0.99", "target: 1"))
    (found,) = faults(house)
    tells(found, "specs: ")
    tells(found, "spec.objectives[0].target")
    port, specs = faults(house, PORT="none")
    tells(port, "PORT")
    assert specs == found


def test_the_doctor_looks_and_changes_nothing(house: House) -> None:
    doctor(house)
    assert not (house.folder / "burnban.db").exists()
    assert {call.method for call in house.slack.space.calls} <= {
        "auth.test", "conversations.list", "usergroups.list", "usergroups.users.list", "users.info"
    }  # fmt: skip
