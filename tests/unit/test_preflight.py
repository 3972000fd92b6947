"""What a start needs is told at once, before anything starts."""

from pathlib import Path

import pytest

from bot.config import Settings
from bot.errors import ConfigError
from bot.wiring.preflight import ready
from tests.e2e import specs

NAMES = [str(field.validation_alias) for field in Settings.model_fields.values()]
TOKEN = "METRICS_TOKEN"


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in (*NAMES, TOKEN):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def guarded(tmp_path: Path) -> Path:
    """Specs with a source that needs a token."""
    return specs.from_prometheus(
        tmp_path / "slos", "https://metrics.test", details=f", bearerTokenEnv: {TOKEN}"
    )


def faults(*, slack: bool = True, sources: bool = True) -> dict[str, str]:
    with pytest.raises(ConfigError) as caught:
        ready(slack=slack, sources=sources)
    return {fault.where.partition(":")[0]: str(fault) for fault in caught.value.faults}


@pytest.mark.usefixtures("guarded")
def test_settings_tokens_and_the_secrets_of_sources_are_told_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PORT", "none")
    found = faults()
    assert list(found) == ["PORT", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", TOKEN]
    assert "The source metrics needs it (" in found[TOKEN]
    assert "ranker.yaml:" in found[TOKEN]


def test_missing_specs_do_not_hide_missing_tokens() -> None:
    assert list(faults()) == ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "slos"]


def test_a_token_that_cannot_be_one_is_not_told_as_missing_too(
    monkeypatch: pytest.MonkeyPatch, guarded: Path
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "c4n4ry")
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "0" * 32)
    monkeypatch.setenv(TOKEN, "a\x01b")
    found = faults()
    assert list(found) == ["SLACK_BOT_TOKEN", TOKEN]
    assert "starts with xoxb-" in found["SLACK_BOT_TOKEN"]
    assert "printable ASCII" in found[TOKEN]


def test_faults_of_specs_stand_beside_those_of_settings(
    monkeypatch: pytest.MonkeyPatch, guarded: Path
) -> None:
    monkeypatch.setenv("PORT", "0")
    (guarded / "more.yaml").write_text("kind: Sloth\n")
    found = faults(slack=False)
    assert "PORT" in found
    assert any("more.yaml" in text for text in found.values())


def test_who_never_asks_a_source_needs_no_secret_of_it(
    monkeypatch: pytest.MonkeyPatch, guarded: Path
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "0" * 32)
    assert ready(slack=True, sources=False).specs == Path("slos")
    monkeypatch.setenv(TOKEN, "t")
    assert ready(slack=True, sources=True).port == 3000
