"""The settings: the one place that reads the environment."""

import os
import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit
from zoneinfo import available_timezones

from dotenv import dotenv_values
from dotenv.parser import Binding, parse_stream
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import ConfigError, Fault

_FILE = Path(".env")
_KEY = re.compile(r"[0-9a-f]{64}")
_WORD = re.compile(r"[A-Za-z0-9_-]{32,200}")
_CHANNEL = re.compile(r"#[^\s#]{1,80}|[CG][A-Z0-9]{6,20}")


class Settings(BaseSettings):
    """Everything that differs from one installation to the next; see `.env.example`."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", env_ignore_empty=True)

    specs: Path = Field(Path("slos"), validation_alias="BURNBAN_SPECS")
    database_url: SecretStr = Field(
        SecretStr("sqlite:///burnban.db"), validation_alias="DATABASE_URL"
    )
    slack_bot_token: SecretStr | None = Field(None, validation_alias="SLACK_BOT_TOKEN")
    slack_signing_secret: SecretStr | None = Field(None, validation_alias="SLACK_SIGNING_SECRET")
    slack_app_token: SecretStr | None = Field(None, validation_alias="SLACK_APP_TOKEN")
    slack_api_url: str = Field("https://slack.com/api/", validation_alias="SLACK_API_URL")
    ops_channel: str = Field("", validation_alias="BURNBAN_OPS_CHANNEL")
    templates: Path | None = Field(None, validation_alias="BURNBAN_TEMPLATES")
    anchor_key: SecretStr | None = Field(None, validation_alias="BURNBAN_ANCHOR_KEY")
    anchor_trusted: str = Field("", validation_alias="BURNBAN_ANCHOR_TRUSTED")
    anchor_channel: str = Field("", validation_alias="BURNBAN_ANCHOR_CHANNEL")
    anchor_file: Path | None = Field(None, validation_alias="BURNBAN_ANCHOR_FILE")
    anchor_webhook: SecretStr | None = Field(None, validation_alias="BURNBAN_ANCHOR_WEBHOOK")
    database_role: str = Field("", validation_alias="BURNBAN_DATABASE_ROLE")
    public_url: str = Field("", validation_alias="BURNBAN_PUBLIC_URL")
    zone: str = Field("UTC", validation_alias="BURNBAN_ZONE")
    gate_url: str = Field("", validation_alias="BURNBAN_URL")
    gate_token: SecretStr | None = Field(None, validation_alias="BURNBAN_TOKEN")
    gate_audience: str = Field("burnban", validation_alias="BURNBAN_AUDIENCE")
    gate_cache: Path = Field(Path("~/.cache/burnban"), validation_alias="BURNBAN_CACHE")
    calendar_secret: SecretStr | None = Field(None, validation_alias="BURNBAN_CALENDAR_SECRET")
    tls_cert: Path | None = Field(None, validation_alias="BURNBAN_TLS_CERT")
    tls_key: Path | None = Field(None, validation_alias="BURNBAN_TLS_KEY")
    tls_client_ca: Path | None = Field(None, validation_alias="BURNBAN_TLS_CLIENT_CA")
    tls_port: int = Field(8443, validation_alias="BURNBAN_TLS_PORT", ge=1, le=65_535)
    port: int = Field(3000, validation_alias="PORT", ge=1, le=65_535)

    @field_validator("slack_bot_token", "slack_signing_secret", "slack_app_token")
    @classmethod
    def _one_line(cls, value: SecretStr | None) -> SecretStr | None:
        found = "" if value is None else value.get_secret_value().strip()
        if not _sendable(found):
            raise ValueError("must be one line of printable ASCII text")
        return SecretStr(found) if found else None

    @field_validator("slack_bot_token")
    @classmethod
    def _bot_token(cls, value: SecretStr | None) -> SecretStr | None:
        return _starts(value, "xoxb-", "a bot token starts with xoxb-")

    @field_validator("slack_app_token")
    @classmethod
    def _app_token(cls, value: SecretStr | None) -> SecretStr | None:
        return _starts(value, "xapp-", "an app-level token starts with xapp-")

    @field_validator("slack_api_url")
    @classmethod
    def _api_url(cls, value: str) -> str:
        _demand_tls(_parts(value))
        return value if value.endswith("/") else value + "/"

    @field_validator("public_url")
    @classmethod
    def _public_url(cls, value: str) -> str:
        return public_url(value)

    @field_validator("ops_channel", "anchor_channel")
    @classmethod
    def _channel(cls, value: str) -> str:
        found = value.strip()
        if found and not _CHANNEL.fullmatch(found):
            raise ValueError("must be a channel, as #burnban-ops, or its id (C0123456)")
        return found

    @field_validator("zone")
    @classmethod
    def _zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError("must be an IANA zone, as Europe/Berlin or UTC")
        return value

    @field_validator("anchor_key")
    @classmethod
    def _private(cls, value: SecretStr | None) -> SecretStr | None:
        found = "" if value is None else value.get_secret_value().strip()
        if found and not _KEY.fullmatch(found):
            raise ValueError("must be 64 hexadecimal digits: `burnban history key` makes one")
        return SecretStr(found) if found else None

    @field_validator("calendar_secret")
    @classmethod
    def _unguessable(cls, value: SecretStr | None) -> SecretStr | None:
        found = "" if value is None else value.get_secret_value().strip()
        if found and not _WORD.fullmatch(found):
            raise ValueError(
                "must be 32 to 200 letters and digits: `openssl rand -hex 32` makes one"
            )
        return SecretStr(found) if found else None

    @field_validator("anchor_trusted")
    @classmethod
    def _public(cls, value: str) -> str:
        found = value.replace(",", " ").lower().split()
        if not all(_KEY.fullmatch(one) for one in found):
            raise ValueError("must be public keys of 64 hexadecimal digits, with commas between")
        return ",".join(found)

    @field_validator("anchor_webhook")
    @classmethod
    def _webhook(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            _demand_tls(_parts(value.get_secret_value()))
        return value

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: SecretStr) -> SecretStr:
        schemes = ("sqlite:///", "postgresql://", "postgresql+psycopg://", "postgres://")
        if not value.get_secret_value().startswith(schemes):
            raise ValueError("must be sqlite:///file.db or postgresql://user:password@host/name")
        return value


def _sendable(value: str) -> bool:
    """Whether it may stand in a header: one line of printable ASCII."""
    return value.isascii() and value.isprintable()


def _parts(url: str, like: str = "https://slack.com/api/") -> SplitResult:
    try:
        parts = urlsplit(url)
        if _sendable(url) and " " not in url and parts.port != 0:
            return parts
    except ValueError:
        pass  # its words are those of a parser
    raise ValueError(f"is no URL; it should look like {like}")


def _demand_tls(parts: SplitResult) -> None:
    here = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost", "::1")
    if parts.username is not None or not parts.hostname:
        raise ValueError("must name a host, and no user")
    if not (parts.scheme == "https" or here):
        raise ValueError("must start with https:// (http:// only on this machine)")


def public_url(value: str) -> str:
    """Where Slack is to send its requests: empty, or an address of https. Raises ValueError."""
    found = value.strip()
    if found:
        _demand_tls(_parts(found, "https://burnban.example.org"))
    return found


def _starts(value: SecretStr | None, prefix: str, sentence: str) -> SecretStr | None:
    if value is not None and not value.get_secret_value().startswith(prefix):
        raise ValueError(sentence)
    return value


def read_settings(**overrides: Any) -> Settings:
    """Read the environment (and `.env`). Raises ConfigError with every fault at once."""
    _demand_readable()
    try:
        return Settings(**overrides)
    except ValidationError as error:
        faults = [_fault(dict(each)) for each in error.errors(include_input=False)]
        raise ConfigError(faults) from None


def sound_settings() -> tuple[Settings, list[Fault]]:
    """All faults, and the settings with the default in place of each that cannot be used: for
    whoever goes on looking. Raises ConfigError for a `.env` that cannot be read."""
    try:
        return read_settings(), []
    except ConfigError as error:
        named = {fault.where for fault in error.faults}
        known = {str(one.validation_alias): one.default for one in Settings.model_fields.values()}
        if not named <= set(known):
            raise
        return Settings(**{name: known[name] for name in named}), list(error.faults)


def _demand_readable() -> None:
    """A line of `.env` that cannot be read would be passed over, and a default put in its place.
    Raises ConfigError, which names lines only: what stands there may be a secret."""
    if not _FILE.is_file():
        return
    try:
        raw = _FILE.read_bytes()
    except OSError as error:
        raise ConfigError([Fault(f"{_FILE}", "", f"cannot be read: {error.strerror}.")]) from None
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        remedy = "Save the file as UTF-8."
        raise ConfigError([Fault(f"{_FILE}:{line}", "", "is not UTF-8 text.", remedy)]) from None
    remedy = "Write NAME=value, or # before a comment."
    faults = [
        Fault(f"{_FILE}:{line}", "", "cannot be understood.", remedy) for line in _unclear(text)
    ]
    if faults:
        raise ConfigError(faults)


def _unclear(text: str) -> Iterator[int]:
    """The numbers of the lines that are no settings."""
    for binding in parse_stream(StringIO(text)):
        if binding.error or _no_setting(binding):
            original = binding.original
            blank = len(original.string) - len(original.string.lstrip())
            yield original.line + original.string.count("\n", 0, blank)


def _no_setting(binding: Binding) -> bool:
    """Not even a bare name, which is one that is left to the environment: `PORT:3000`."""
    return binding.key is not None and binding.value is None and not binding.key.isidentifier()


def _fault(error: dict[str, Any]) -> Fault:
    name = str(error["loc"][0]) if error["loc"] else "environment"
    problem = str(error["msg"]).removeprefix("Value error, ")
    return Fault(name, "", f"{problem}.", "See .env.example.")


def need_slack(settings: Settings) -> None:
    """What `burnban run` needs to speak with Slack. Raises ConfigError with every fault."""
    faults: list[Fault] = []
    if settings.slack_bot_token is None:
        remedy = "Copy the Bot User OAuth Token of your Slack app into SLACK_BOT_TOKEN."
        faults.append(Fault("SLACK_BOT_TOKEN", "", "is not set.", remedy))
    if settings.slack_app_token is None and settings.slack_signing_secret is None:
        remedy = (
            "Copy the app-level token (connections:write) into it: Socket Mode. For HTTP set "
            "SLACK_SIGNING_SECRET instead."
        )
        faults.append(Fault("SLACK_APP_TOKEN", "", "is not set.", remedy))
    if faults:
        raise ConfigError(faults)


def secret(name: str) -> str:
    """A source's secret, by the name that its spec gives, without the white space around it (a
    mounted file ends in a newline). Raises ConfigError, which names the variable only."""
    value = (os.environ.get(name, "") or _of_file(name)).strip()
    if not value:
        raise ConfigError([Fault(name, "", "is named in the spec files, but not set.")])
    if not _sendable(value):
        problem = "is to be one line of printable ASCII text, and is none."
        raise ConfigError([Fault(name, "", problem, "Set it anew.")])
    return value


def runner_identity() -> tuple[str, str] | None:
    """Where a runner of GitHub Actions gives out the identity of its run, and the key to that."""
    url = os.environ.get("ACTIONS_ID_TOKEN_REQUEST_URL", "")
    key = os.environ.get("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "")
    return (url, key) if url and key else None


def _of_file(name: str) -> str:
    _demand_readable()
    return dotenv_values(_FILE).get(name) or ""


def templates_folder() -> Path:
    """The templates that came with the package: beside it in a checkout, inside it in a wheel."""
    here = Path(__file__).parent
    inside = here / "_templates"
    return inside if inside.is_dir() else here.parent / "templates"
