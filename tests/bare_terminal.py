"""A terminal in a folder with specs and a database of its own, and without a word of Slack."""

from pathlib import Path

import pytest

from tests.e2e.counts import burning


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "BURNBAN_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BURNBAN_SPECS", str(burning(tmp_path / "slos")))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'burnban.db'}")
    return tmp_path
