"""A Burnban elsewhere over HTTP, as badly as it may behave: the server is one of this machine's."""

import json
from collections.abc import Callable
from contextlib import suppress

import pytest

from bot.bounded import proxy_for
from bot.errors import UserError
from bot.remote.client import Away, Remote, TurnedAway
from bot.remote.identity import run_identity
from tests.httpserver import BadServer, Conversation

TOKEN = "burnban_" + "t" * 43
QUESTION = {"subject": {"service": "ranker", "model_version": "38"}}
GOES = {"service": "ranker", "outcome": "allow", "allowed": True}


def answering(*answers: tuple[str, str]) -> BadServer:
    said = list(answers)

    def handler(conversation: Conversation) -> None:
        body, code = said.pop(0) if len(said) > 1 else said[0]
        conversation.answer(body, code)

    return BadServer(handler)


def test_the_token_goes_along_and_the_answer_comes_back() -> None:
    with answering((json.dumps(GOES), "200 OK")) as server, Remote(server.url, TOKEN) as remote:
        assert remote.decide(QUESTION, "k1") == GOES
        headers = server.requests[0].headers
        assert headers["authorization"] == f"Bearer {TOKEN}"
        assert headers["idempotency-key"] == "k1"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("{}", "200 OK"),
        ("<html>", "200 OK"),
        ("[]", "200 OK"),
        ('{"error": {"message": "no"}}', "503 Service Unavailable"),
        ("", "502 Bad Gateway"),
        ("oops", "500 Internal Server Error"),
        ("", "520 Unknown"),
        ("", "429 Too Many Requests"),
        ("", "408 Request Timeout"),
    ],
)
def test_what_is_no_answer_is_none(body: str, code: str) -> None:
    with (
        answering((body, code)) as server,
        Remote(server.url, TOKEN) as remote,
        pytest.raises(Away),
    ):
        remote.decide(QUESTION)


@pytest.mark.parametrize("code", ["302 Found", "401 Unauthorized", "422 Unprocessable"])
def test_a_refusal_bears_its_words_and_no_redirect_is_followed(code: str) -> None:
    said = '{"error": {"message": "not you", "remedy": "another token"}}'
    with answering((said, code)) as server, Remote(server.url, TOKEN) as remote:
        with pytest.raises(TurnedAway, match="not you") as refused:
            remote.decide(QUESTION)
        assert (refused.value.status, refused.value.remedy) == (int(code[:3]), "another token")
        assert len(server.requests) == 1


def hang(conversation: Conversation) -> None:
    conversation.over.wait(5)


def test_a_server_that_hangs_is_not_waited_for_for_ever() -> None:
    with (
        BadServer(hang) as server,
        Remote(server.url, TOKEN, deadline=0.2) as remote,
        pytest.raises(Away, match="no whole answer"),
    ):
        remote.decide(QUESTION)


def dripping(said: str, pause: float = 0.01) -> Callable[[Conversation], None]:
    """A whole answer that would be good, if somebody waited a quarter of a minute for its head."""
    head = f"HTTP/1.1 200 OK\r\nX-Padding: {'x' * 1_400}\r\nContent-Length: {len(said)}\r\n\r\n"
    return lambda conversation: conversation.drip((head + said).encode(), pause)


def test_a_head_that_drips_is_not_waited_for() -> None:
    with (
        BadServer(dripping(json.dumps(GOES))) as server,
        Remote(server.url, TOKEN, deadline=0.3) as remote,
        pytest.raises(Away, match=r"no whole answer within 0\.3 s"),
    ):
        remote.decide(QUESTION)


def test_a_runner_whose_head_drips_gives_no_identity() -> None:
    with (
        BadServer(dripping(json.dumps({"value": "a.b.c"}))) as server,
        pytest.raises(UserError, match="gave no identity"),
    ):
        run_identity(f"{server.url}/?x=1", "key", "burnban", within=0.3)


def test_a_proxy_is_used_for_places_elsewhere_and_never_for_this_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name.upper(), raising=False)
        monkeypatch.delenv(name, raising=False)
    assert proxy_for("https://gate.example") is None
    monkeypatch.setenv("https_proxy", "proxy.example:3128")
    assert proxy_for("https://gate.example") == "http://proxy.example:3128"
    assert proxy_for("http://127.0.0.1:8080") is None
    monkeypatch.setenv("no_proxy", "gate.example")
    assert proxy_for("https://gate.example") is None


def test_a_question_goes_by_the_proxy_that_the_environment_names(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(conversation: Conversation) -> None:
        conversation.answer("no", "403 Forbidden")

    with BadServer(refuse) as server:
        monkeypatch.setenv("https_proxy", server.url)
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)
        with Remote("https://gate.example", TOKEN) as remote, pytest.raises(Away, match="403"):
            remote.decide(QUESTION)
        (asked,) = server.requests
        assert (asked.method, asked.path) == ("CONNECT", "gate.example:443")


def test_an_answer_that_drips_or_never_ends_is_not_waited_for() -> None:
    def drip(conversation: Conversation) -> None:
        conversation.connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n")
        conversation.drip(b" " * 9_000, 0.02)

    def flood(conversation: Conversation) -> None:
        conversation.connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        with suppress(OSError):
            while not conversation.over.is_set():
                conversation.connection.sendall(b" " * 65_536)

    for handler, deadline in ((drip, 0.2), (flood, 10.0)):
        with (
            BadServer(handler) as server,
            Remote(server.url, TOKEN, deadline=deadline) as remote,
            pytest.raises(Away, match="no whole answer"),
        ):
            remote.decide(QUESTION)


@pytest.mark.parametrize("url", ["http://gate.example", "ftp://gate.example"])
def test_no_token_goes_over_a_line_that_others_can_read(url: str) -> None:
    with pytest.raises(UserError, match="https"):
        Remote(url, TOKEN)


@pytest.mark.parametrize("url", ["gate", "", "https://[::1", "https://gate.example:port"])
def test_what_is_no_address_is_told_so(url: str) -> None:
    with pytest.raises(UserError, match="is none"):
        Remote(url, TOKEN)


@pytest.mark.parametrize("end", ["@gate.example", "@gate.example/x?y=1", "@gate.example#z"])
def test_an_address_with_a_password_is_refused_without_telling_it(end: str) -> None:
    with pytest.raises(UserError, match="more than a host") as refused:
        Remote(f"https://ada:s3cret{end}", TOKEN)
    assert "s3cret" not in str(refused.value)


@pytest.mark.parametrize("spoilt", ["\n", "\u00e9", "\0", "\r\nX-Evil: 1"])
def test_a_token_that_no_header_takes_is_refused_without_telling_it(spoilt: str) -> None:
    with pytest.raises(UserError, match="printable ASCII") as refused:
        Remote("https://gate.example", f"{TOKEN}{spoilt}{TOKEN}")
    assert TOKEN not in str(refused.value)


def test_the_runner_gives_the_identity_of_its_run() -> None:
    with answering(('{"value": "a.b.c"}', "200 OK")) as server:
        assert run_identity(f"{server.url}/?x=1", "key", "burn ban") == "a.b.c"
        assert server.requests[0].path.endswith("&audience=burn%20ban")
        assert server.requests[0].headers["authorization"] == "Bearer key"
    with answering(("{}", "500 No")) as server, pytest.raises(UserError, match="no identity"):
        run_identity(f"{server.url}/?x=1", "key", "burnban")
    for place in ("http://runner.example", "http://127.0.0.1.runner.example", "http://[::1"):
        with pytest.raises(UserError, match="https"):
            run_identity(f"{place}/?x=1", "key", "burnban")
