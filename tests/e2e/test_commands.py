"""The verbs of the terminal, as people and scripts call them."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from tests.e2e.counts import burning
from tests.e2e.house import House
from tests.e2e.process import burnban
from tests.e2e.slack import slack, tells

OTHER_TEAM = """---
apiVersion: burnban/v1
kind: Team
metadata: {name: payments}
spec: {channel: "#payments", onCall: {users: [U0LEAD]}}
"""


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with slack() as people:
        yield House(
            tmp_path, burning(tmp_path / "slos"), f"sqlite:///{tmp_path / 'burnban.db'}", people
        )


def test_check_says_what_it_found(house: House) -> None:
    done = house.say("check")
    assert (done.returncode, done.stderr) == (0, "")
    policies = "1 policy of yours and the built-in default"
    assert done.stdout == f"ok: 1 objective of 1 service, 1 team, {policies}, 1 source\n"


def test_check_tells_all_faults_at_once_each_with_its_place_and_ends_with_2(house: House) -> None:
    sound = (house.specs / "ranker.yaml").read_text()
    broken = sound.replace("target: 0.99", "target: 1").replace("resolveAfter", "resolvAfter")
    (house.specs / "ranker.yaml").write_text(broken)
    done = house.say("check")
    assert done.returncode == 2
    assert done.stdout == ""
    tells(done.stderr, "2 faults:")
    for line in (n for n, text in enumerate(broken.splitlines(), 1) if "target: 1" in text):
        tells(done.stderr, f"ranker.yaml:{line}: spec.objectives[0].target")
    tells(done.stderr, "resolveAfter")


def test_check_notes_a_service_that_nobody_decides_about(house: House) -> None:
    spec = house.specs / "ranker.yaml"
    spec.write_text(spec.read_text().replace("  services: [ranker]\n", "") + OTHER_TEAM)
    done = house.say("check")
    assert done.returncode == 0
    tells(done.stdout, "note: no Team owns ranker:")
    tells(done.stdout, "nobody may approve anything about it")


def test_poll_once_measures_judges_and_tells_and_is_silent_in_a_pipe(house: House) -> None:
    done = replace(house, speak=burnban).say("poll", "--once")
    assert (done.returncode, done.stderr) == (0, "")
    first, burns, sent = done.stdout.splitlines()
    assert first == "1 objective evaluated, 1 message delivered."
    assert burns.startswith("  burns: ranker/")
    assert sent.startswith("  sent: ranker: ")
    house.slack.head("Requests that succeed")


def test_status_as_a_table_and_as_json(house: House) -> None:
    house.say("poll")
    (row,) = house.json("status")
    assert row["verdict"] == "burning"
    assert row["eligible"] == 600 * 120
    table = house.say("status", "ranker")
    tells(table.stdout, "burning (page)")
    unknown = house.say("status", "rankr")
    assert unknown.returncode == 2
    tells(unknown.stderr, "Did you mean `ranker`")


def test_before_the_first_poll_nothing_is_known_and_nothing_breaks(house: House) -> None:
    assert house.say("migrate").returncode == 0
    (row,) = house.json("status")
    assert (row["verdict"], row["eligible"], row["as_of"]) == ("unknown", None, None)
    assert row["reasons"][0]["code"] == "no_data"
    assert house.json("history") == []


def test_all_faults_of_the_settings_are_told_at_once(house: House) -> None:
    done = house.say(
        "run", SLACK_BOT_TOKEN="token", PORT="none", DATABASE_URL="mysql://x", SLACK_APP_TOKEN="x"
    )
    assert done.returncode == 2
    tells(done.stderr, "4 faults:")
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "PORT", "DATABASE_URL"):
        tells(done.stderr, name)


def test_run_without_slack_says_which_settings_it_lacks(house: House) -> None:
    done = house.say("run", SLACK_BOT_TOKEN="", SLACK_SIGNING_SECRET="")
    assert done.returncode == 2
    tells(done.stderr, "SLACK_BOT_TOKEN")
    tells(done.stderr, "SLACK_SIGNING_SECRET")


def test_run_with_a_token_that_slack_refuses_says_so_and_ends(house: House) -> None:
    done = house.say("run", SLACK_BOT_TOKEN="xoxb-wrong")
    assert done.returncode == 2
    tells(done.stderr, "Slack refuses the bot token: invalid_auth")
    assert "xoxb-wrong" not in done.stderr


def test_a_manifest_asks_for_exactly_what_the_code_uses(house: House) -> None:
    http = yaml.safe_load(house.say("manifest", "--url", "https://burnban.example").stdout)
    urls = {c["url"] for c in http["features"]["slash_commands"]}
    assert urls == {"https://burnban.example/slack/events"}
    socket = yaml.safe_load(house.say("manifest").stdout)
    assert socket["settings"]["socket_mode_enabled"] is True
    assert set(socket["oauth_config"]["scopes"]["bot"]) == house.slack.space.bot.scopes


def test_a_freeze_in_the_terminal_takes_the_words_of_slack(house: House) -> None:
    done = house.say("freeze", "ranker", "for", "2h", "bad", "rollout")
    assert done.returncode == 0, done.stderr
    tells(done.stdout, "Releases of service ranker are frozen from ")
    (row,) = house.json("history")
    assert (row["event"], row["via"], row["text"]) == ("frozen", "terminal", "bad rollout")
    (told,) = house.json("status")
    assert told["frozen"] is True
    wrong = house.say("freeze", "ranker", "for", "2x", "bad", "rollout")
    assert wrong.returncode == 2
    tells(wrong.stderr, "for 2h")
    assert json.loads(house.say("history", "--json").stdout) == [row]
