"""No secret is logged, wherever in a line or a traceback it stands."""

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bot.flow.gate.tokens import PREFIX
from bot.wiring.logs import Redacting, configure_logs

CANARY = "c4n4ry"
SECRETS = [
    f"xoxb-123-{CANARY}",
    f"xapp-1-A1-{CANARY}",
    f"postgresql://burn:{CANARY}@db.example/burnban",
    f"postgresql://:{CANARY}@db.example/burnban",
    f"postgresql://burn:{CANARY}@{CANARY}@db.example/burnban",
    f"https://hooks.slack.com/commands/T1/2/{CANARY}",
    f"Authorization: Bearer {CANARY}==",
    f"authorization: basic {CANARY}",
    f"POST /kubernetes/prod/review/{PREFIX}{CANARY * 6}-Zz",
    f"identity eyJhbGciOi.eyJzdWIi.{CANARY}",
    f"token ghs_{CANARY}{CANARY}",
    f"token glpat-{CANARY}-{CANARY}",
    f"GET /calendar/{CANARY}.ics",
]


@pytest.fixture
def log() -> Iterator[tuple[logging.Logger, io.StringIO]]:
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(Redacting("%(message)s"))
    logger = logging.getLogger("tests.canary")
    logger.addHandler(handler)
    yield logger, out
    logger.removeHandler(handler)


@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_in_a_message_is_taken_out(
    log: tuple[logging.Logger, io.StringIO], secret: str
) -> None:
    logger, out = log
    logger.warning("before %s after", secret)
    assert CANARY not in out.getvalue()
    assert "[secret]" in out.getvalue()
    assert "before " in out.getvalue()
    assert " after" in out.getvalue()


@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_in_a_traceback_is_taken_out(
    log: tuple[logging.Logger, io.StringIO], secret: str
) -> None:
    logger, out = log
    try:
        int(secret)
    except ValueError:
        logger.exception("it failed")
    assert CANARY not in out.getvalue()
    assert "Traceback" in out.getvalue()


def test_what_is_no_secret_stays(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, out = log
    line = "prom: http://prometheus:9090/api at 12:00, slos/ranker.yaml:12: basic checks"
    line += ", burnban_further_on()"
    logger.warning(line)
    assert out.getvalue() == f"{line}\n"


@contextmanager
def configured() -> Iterator[None]:
    """The logs as `burnban` sets them up."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    configure_logs(logging.INFO)
    try:
        yield
    finally:
        root.handlers[:] = before
        root.setLevel(level)


def test_the_log_goes_to_stderr_and_is_redacted(capsys: pytest.CaptureFixture[str]) -> None:
    with configured():
        logging.getLogger("bot.x").info("token %s", SECRETS[0])
        logging.getLogger("httpx").info("GET http://prom/")
    said = capsys.readouterr()
    assert said.out == ""
    assert "token [secret]" in said.err
    assert "GET" not in said.err


def test_what_slack_sdk_calls_an_error_is_left_to_whoever_catches_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with configured():
        logging.getLogger("slack_sdk.web.base_client").error("Failed to send a request")
        logging.getLogger("slack_sdk.socket_mode").error("a connection that nobody else reports")
    said = capsys.readouterr().err
    assert "Failed to send" not in said
    assert "a connection that nobody else reports" in said
