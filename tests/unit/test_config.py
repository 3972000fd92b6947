"""The settings: what is refused, and that `.env.example` names all of them and no others."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from bot.config import Settings, need_slack, read_settings
from bot.errors import ConfigError

EXAMPLE = Path(__file__).parents[2] / ".env.example"
NAMES = [str(field.validation_alias) for field in Settings.model_fields.values()]


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def test_the_example_names_every_setting_and_no_other() -> None:
    named = re.findall(r"^([A-Z_]+)=", EXAMPLE.read_text(), re.MULTILINE)
    assert sorted(named) == sorted(NAMES)


def test_each_setting_of_the_example_is_explained() -> None:
    lines = EXAMPLE.read_text().splitlines()
    for before, line in pairwise(lines):
        if re.match(r"[A-Z_]+=", line):
            assert before.startswith("# "), line


def test_the_example_as_it_stands_is_valid_and_means_the_defaults(tmp_path: Path) -> None:
    plain = read_settings()
    (tmp_path / ".env").write_text(EXAMPLE.read_text())
    assert read_settings() == plain


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost.evil.example/api/",
        "http://127.0.0.1.evil.example/api/",
        "http://localhost@evil.example/api/",
        "https://user:pass@slack.com/api/",
        "http://slack.com/api/",
        "ftp://localhost/",
        "https:///api/",
    ],
)
def test_an_api_url_elsewhere_without_tls_is_refused(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLACK_API_URL", url)
    with pytest.raises(ConfigError, match="SLACK_API_URL"):
        read_settings()


@pytest.mark.parametrize(
    ("url", "meant"),
    [
        ("https://slack.com/api", "https://slack.com/api/"),
        ("http://localhost:8700/api/", "http://localhost:8700/api/"),
        ("http://127.0.0.1:1/api", "http://127.0.0.1:1/api/"),
        ("http://[::1]:1/api/", "http://[::1]:1/api/"),
    ],
)
def test_an_api_url_is_taken(url: str, meant: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_API_URL", url)
    assert read_settings().slack_api_url == meant


def test_all_faults_are_told_at_once_without_the_values(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = {"SLACK_BOT_TOKEN": "c4n4ry", "SLACK_APP_TOKEN": "c4n4ry", "DATABASE_URL": "c4n4ry://"}
    for name, value in wrong.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PORT", "70000")
    with pytest.raises(ConfigError) as caught:
        read_settings()
    assert {fault.where for fault in caught.value.faults} == {*wrong, "PORT"}
    assert "c4n4ry" not in str(caught.value)


def test_what_run_lacks_is_told_at_once() -> None:
    with pytest.raises(ConfigError) as caught:
        need_slack(read_settings())
    assert [f.where for f in caught.value.faults] == ["SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"]


def test_secrets_do_not_show_in_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-c4n4ry")
    monkeypatch.setenv("DATABASE_URL", "postgresql://burn:c4n4ry@db/burnban")
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "c4n4ry")
    assert "c4n4ry" not in repr(read_settings())
