"""No secret of a source reaches a text, whatever the server or our own libraries do with it."""

import json
import logging
import time

import pytest

from bot.config import secret
from bot.decide.catalog import SourceSpec
from bot.errors import BurnbanError, ConfigError, SourceError
from bot.judge.indicator import Ratio
from bot.judge.thinning import Stretch
from bot.measure import build
from bot.measure.credentials import Secrets
from bot.ports import Ask, Source
from tests.builders import NOON, objective
from tests.httpserver import BadServer, Conversation, Handler

CANARY = "canary-9f3"
ASK = Ask(objective(indicator=Ratio("a_total", bad="b_total")), Stretch(NOON, NOON + 60, 60), NOON)
ALL_KINDS: list[dict[str, object]] = [
    {"bearerTokenEnv": "MODELS_TOKEN"},
    {"basicAuth": {"username": "ml", "passwordEnv": "MODELS_TOKEN"}},
    {"headers": {"X-Api-Key": {"env": "MODELS_TOKEN"}}},
]


def source(url: str, details: dict[str, object], secrets: Secrets = secret) -> Source:
    spec = SourceSpec("models", "prometheus", {"url": url, **details}, "slos/sources.yaml:3")
    return build(spec, secrets, time.monotonic)


def told(made: Source) -> str:
    """All that the source has to say."""
    texts = [str(reading.fault) for reading in made.read([ASK])]
    with pytest.raises(SourceError) as error:
        made.check()
    made.close()
    return "\n".join([*texts, str(error.value)])


def echo(conversation: Conversation) -> None:
    """A server that repeats the headers of the request in its error."""
    error = " ".join(conversation.request.headers.values())
    body = json.dumps({"status": "error", "error": error})
    conversation.answer(body, "400 Bad Request")


def echo_as_warning(conversation: Conversation) -> None:
    warnings = list(conversation.request.headers.values())
    conversation.answer(
        json.dumps({"status": "success", "data": {"result": []}, "warnings": warnings}),
    )


def echo_as_kind(conversation: Conversation) -> None:
    conversation.answer("<html>", kind=" ".join(conversation.request.headers.values()))


def echo_as_location(conversation: Conversation) -> None:
    """Just where a text is cut, so that half of the secret would be left."""
    values = "".join(conversation.request.headers.values())
    head = f"HTTP/1.1 302 Found\r\nLocation: /{'x' * 150}{values}\r\nContent-Length: 0\r\n\r\n"
    conversation.connection.sendall(head.encode())


def echo_as_head(conversation: Conversation) -> None:
    values = " ".join(conversation.request.headers.values())
    conversation.connection.sendall(f"{values}\r\n\r\n".encode())


@pytest.mark.parametrize("details", ALL_KINDS)
@pytest.mark.parametrize(
    "handler", [echo, echo_as_warning, echo_as_kind, echo_as_location, echo_as_head]
)
def test_what_a_server_repeats_is_redacted(
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    handler: Handler,
    details: dict[str, object],
) -> None:
    monkeypatch.setenv("MODELS_TOKEN", CANARY)
    caplog.set_level(logging.DEBUG, "bot")
    with BadServer(handler) as server:
        made = source(server.url, details)
        text = str(made.read([ASK])[0].fault)
        made.close()
        sent = " ".join(server.requests[-1].headers.values())
    assert CANARY in sent or "bWw6Y2FuYXJ5LTlmMw==" in sent
    assert text.startswith("models ")
    for trace in ("canary", "bWw6Y2F", "9f3"):
        assert trace not in text + caplog.text


@pytest.mark.parametrize("details", ALL_KINDS)
@pytest.mark.parametrize("value", [f"{CANARY}\n{CANARY}", f"{CANARY}\x00", f"{CANARY}é", "\x7f"])
@pytest.mark.parametrize("careless", [False, True])
def test_a_secret_that_cannot_be_sent_is_not_told(
    monkeypatch: pytest.MonkeyPatch, details: dict[str, object], value: str, careless: bool
) -> None:
    if careless:  # whoever gives out secrets unseen
        secrets: Secrets = lambda _: value  # noqa: E731
    else:
        monkeypatch.setattr("os.environ", {"MODELS_TOKEN": value})
        secrets = secret
    with BadServer(echo) as server:
        text = told(source(server.url, details, secrets))
    assert "canary" not in text
    if not careless:
        assert "models cannot be asked: MODELS_TOKEN: is to be one line" in text
        assert server.requests == []


def test_the_white_space_around_a_mounted_secret_is_not_part_of_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MODELS_TOKEN", f" {CANARY}\r\n")
    assert secret("MODELS_TOKEN") == CANARY


@pytest.mark.parametrize("value", ["a\nb", "a\tb", "pässword", "a\u2028b", ""])
def test_a_secret_is_one_line_of_ascii_or_a_fault_that_names_the_variable_only(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("MODELS_TOKEN", value)
    with pytest.raises(ConfigError) as error:
        secret("MODELS_TOKEN")
    assert str(error.value).startswith("MODELS_TOKEN: is ")
    assert value == "" or value not in str(error.value)


@pytest.mark.parametrize("details", ALL_KINDS)
def test_who_does_not_ask_a_source_needs_none_of_its_secrets(
    monkeypatch: pytest.MonkeyPatch, details: dict[str, object]
) -> None:
    monkeypatch.delenv("MODELS_TOKEN", raising=False)
    with BadServer(echo) as server:
        made = source(server.url, details)
        missing = "models cannot be asked: MODELS_TOKEN: is named in the spec files, but not set."
        assert made.read([ASK])[0].fault == missing
        with pytest.raises(BurnbanError, match=missing):
            made.check()
        monkeypatch.setenv("MODELS_TOKEN", CANARY)
        assert "answered 400" in str(made.read([ASK])[0].fault)
        made.close()
