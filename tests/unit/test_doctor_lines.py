"""The doctor's lines where no Slack, no source and no database is at hand."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.config import Settings
from bot.notify.checkup import Check
from bot.wiring.doctor import compare_clocks, examine
from tests.builders import NOON, when
from tests.e2e.counts import burning

NAMES = [str(field.validation_alias) for field in Settings.model_fields.values()]


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:1/api/")
    monkeypatch.chdir(tmp_path)


def lines() -> dict[str, Check]:
    return {line.subject: line for line in examine()}


def test_one_bad_setting_hides_nothing_else(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    burning(tmp_path / "slos")
    monkeypatch.setenv("PORT", "none")
    found = lines()
    assert not found["PORT"].ok
    assert found["specs"].ok
    assert found["source counts"].ok
    assert {"database", "templates", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "clock"} <= {*found}


def test_what_rests_on_a_bad_setting_is_not_judged_by_its_default(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    burning(tmp_path / "slos")
    monkeypatch.setenv("DATABASE_URL", "mysql://db/x")
    monkeypatch.setenv("SLACK_BOT_TOKEN", "c4n4ry")
    found = lines()
    assert not found["DATABASE_URL"].ok
    assert not found["SLACK_BOT_TOKEN"].ok
    assert "starts with xoxb-" in found["SLACK_BOT_TOKEN"].text
    assert not {"database", "clock", "SLACK_APP_TOKEN"} & {*found}
    assert found["specs"].ok


def test_without_slack_settings_it_asks_for_socket_mode_and_a_channel_for_troubles(
    tmp_path: Path,
) -> None:
    burning(tmp_path / "slos")
    found = lines()
    assert "SLACK_SIGNING_SECRET" not in found
    assert "Socket Mode" in found["SLACK_APP_TOKEN"].text
    ops = found["BURNBAN_OPS_CHANNEL"]
    assert not ops.ok
    assert "BURNBAN_OPS_CHANNEL=#burnban-ops, and /invite @Burnban" in ops.text
    assert [*found].index("BURNBAN_OPS_CHANNEL") < [*found].index("SLACK_BOT_TOKEN")


@pytest.mark.parametrize("off", [-3_600, -61, 61, 301])
def test_a_clock_that_is_off_is_named_with_what_follows(off: int) -> None:
    found = compare_clocks(when(NOON), when(NOON) + timedelta(seconds=off))
    assert not found.ok
    assert found.text == f"{abs(off)} s off: Slack's signatures will be refused; sync it"


@pytest.mark.parametrize("off", [-60, 0, 60])
def test_a_clock_within_a_minute_of_slacks_is_fine(off: int) -> None:
    assert compare_clocks(when(NOON), when(NOON) + timedelta(seconds=off)).ok
