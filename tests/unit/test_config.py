"""The settings: what is refused, and that `.env.example` names all of them and no others."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from bot.config import Settings, need_slack, read_settings, secret
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


@pytest.mark.parametrize("written", ["burnban-ops", "#", "# ops", "@ops", "U0123456789"])
def test_what_is_no_channel_is_refused_with_one_that_is(
    written: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BURNBAN_OPS_CHANNEL", written)
    with pytest.raises(ConfigError, match="BURNBAN_OPS_CHANNEL: must be a channel, as #burnban"):
        read_settings()


@pytest.mark.parametrize("written", ["#burnban-ops", "C0123456", "#störungen"])
def test_a_channel_is_named_or_given_by_its_id(written: str, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"BURNBAN_OPS_CHANNEL={written}\n", encoding="utf-8")
    assert read_settings().ops_channel == written


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
        "https://[bad/api",
        "https://[bad]/api",
        "https://slack.com:99999/api/",
        "https://slack.com:port/api/",
        "https://slack .com/api/",
        "https://slack.com/\napi/",
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


SECRETS = {
    "SLACK_BOT_TOKEN": "xoxb-c4n4ry",
    "SLACK_APP_TOKEN": "xapp-c4n4ry",
    "SLACK_SIGNING_SECRET": "c4n4ry",
}


@pytest.mark.parametrize("name", SECRETS)
@pytest.mark.parametrize("end", ["\nmore", "\tmore", "\u00fc", "\u2026", "\x7f"])
def test_a_secret_that_no_header_can_hold_is_refused_by_its_name_only(
    name: str, end: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, f"{SECRETS[name]}{end}")
    with pytest.raises(ConfigError) as caught:
        read_settings()
    assert str(caught.value) == (
        f"{name}: must be one line of printable ASCII text. See .env.example."
    )


def test_white_space_around_a_secret_is_not_part_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, f" {value}\r\n")
    found = read_settings()
    kept = found.slack_bot_token, found.slack_app_token, found.slack_signing_secret
    assert [one and one.get_secret_value() for one in kept] == list(SECRETS.values())


def test_a_blank_secret_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SECRETS:
        monkeypatch.setenv(name, " \n")
    with pytest.raises(ConfigError) as caught:
        need_slack(read_settings())
    assert [f.where for f in caught.value.faults] == ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PORT=1\n\nSLACK_BOT_TOKEN=xoxb-c4n4ry\xff\n", [".env:3: is not UTF-8 text."]),
        ("PORT=1\n".encode("utf-16"), [".env:1: is not UTF-8 text."]),
        (b"PORT=1\n\n# so\nPORT c4n4ry\n", [".env:4: cannot be understood."]),
        (b"PORT: c4n4ry\nPORT:c4n4ry\n", [".env:1: cannot be", ".env:2: cannot be"]),
        (b"PORT=1\r\n\r\nX='c4n4ry\r\n", [".env:3: cannot be understood."]),
        (b'PORT="1" c4n4ry\n=c4n4ry', [".env:1: cannot be", ".env:2: cannot be"]),
    ],
)
def test_a_file_that_cannot_be_read_is_told_by_its_lines_and_never_passed_over(
    content: bytes, said: list[str], tmp_path: Path
) -> None:
    (tmp_path / ".env").write_bytes(content)
    for read in (read_settings, lambda: secret("PROMETHEUS_TOKEN")):
        with pytest.raises(ConfigError) as caught:
            read()
        lines = str(caught.value).splitlines()
        assert all(a.startswith(b) for a, b in zip(lines, said, strict=True)), lines
        assert "c4n4ry" not in str(caught.value)


def test_comments_exports_bare_names_and_lines_that_go_on_are_understood(tmp_path: Path) -> None:
    text = "\ufeff# so\n\nexport PORT=3001 # here\nHOME\nX='a\nb'\nBURNBAN_OPS_CHANNEL=\n"
    (tmp_path / ".env").write_text(text, encoding="utf-8")
    assert read_settings().port == 3001


def test_what_run_lacks_is_told_at_once() -> None:
    with pytest.raises(ConfigError) as caught:
        need_slack(read_settings())
    assert [f.where for f in caught.value.faults] == ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"]


def test_secrets_do_not_show_in_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-c4n4ry")
    monkeypatch.setenv("DATABASE_URL", "postgresql://burn:c4n4ry@db/burnban")
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "c4n4ry")
    assert "c4n4ry" not in repr(read_settings())


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("foo", "must name a host"),
        ("http://burnban.example", "must start with https://"),
        ("https://a b", "is no URL; it should look like https://burnban.example.org"),
    ],
)
def test_slack_is_not_sent_to_an_address_it_would_not_take(
    monkeypatch: pytest.MonkeyPatch, url: str, said: str
) -> None:
    monkeypatch.setenv("BURNBAN_PUBLIC_URL", url)
    with pytest.raises(ConfigError, match=f"BURNBAN_PUBLIC_URL: {said}"):
        read_settings()


@pytest.mark.parametrize("url", ["", "https://burnban.example", "http://localhost:3000"])
def test_https_or_this_very_machine_is_taken(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("BURNBAN_PUBLIC_URL", url)
    assert read_settings().public_url == url
