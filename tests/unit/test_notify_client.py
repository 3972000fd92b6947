"""The client's patience has an end; what answers and silences mean is told apart."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress

import pytest
from slack_sdk import WebClient

from bot.errors import DeliveryError, RateLimited, Refused, Unclear
from bot.notify.answers import asking
from bot.notify.client import build_client
from bot.notify.exchange import LARGEST
from bot.notify.replying import Responder
from bot.ports import Rendered

Serve = Callable[[socket.socket], None]
TIMEOUT = 0.5


@contextmanager
def server(serve: Serve) -> Iterator[tuple[str, list[bytes]]]:
    """A server on localhost that answers each connection with `serve`; its address, and what it
    was sent."""
    listening = socket.create_server(("127.0.0.1", 0))
    heard: list[bytes] = []

    def run() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            with closing(connection), suppress(OSError):
                heard.append(connection.recv(65_536))
                serve(connection)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/api/", heard
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(5)


def answering(status: str, body: str, headers: str = "content-type: application/json") -> Serve:
    def serve(connection: socket.socket) -> None:
        head = f"HTTP/1.1 {status}\r\n{headers}\r\ncontent-length: {len(body)}\r\n\r\n"
        connection.sendall((head + body).encode())

    return serve


def outcome(serve: Serve) -> DeliveryError:
    with server(serve) as (url, _), pytest.raises(DeliveryError) as error, asking("api.test"):
        client(url).api_test()
    return error.value


def client(url: str) -> WebClient:
    return build_client("xoxb-none", url, TIMEOUT)


def test_a_good_answer_is_passed_on() -> None:
    with server(answering("200 OK", '{"ok": true, "x": 1}')) as (url, heard), asking("api.test"):
        assert client(url).api_test()["x"] == 1
    assert b"authorization: bearer xoxb-none" in heard[0].lower()


@pytest.mark.parametrize(
    ("status", "body"),
    [
        ("200 OK", "<html>a proxy's page</html>"),
        ("200 OK", "[]"),
        ("200 OK", '"ok"'),
        ("200 OK", ""),
        ("200 OK", '{"ok": false}'),
        ("200 OK", '{"ok": false, "error": ["a"]}'),
        ("200 OK", '{"ok": false, "error": "fatal_error"}'),
        ("500 Internal Server Error", '{"ok": false, "error": "channel_not_found"}'),
        ("503 Service Unavailable", "down"),
        ("404 Not Found", "no such page"),
        ("302 Found", "elsewhere"),
    ],
)
def test_what_is_no_clear_answer_is_unclear(status: str, body: str) -> None:
    assert type(outcome(answering(status, body))) is Unclear


def test_slacks_own_no_is_a_refusal_with_its_word() -> None:
    refused = outcome(answering("200 OK", '{"ok": false, "error": "is_archived"}'))
    assert isinstance(refused, Refused)
    assert refused.code == "is_archived"


def test_a_refusal_carries_what_slack_says_beside_its_code() -> None:
    body = (
        '{"ok": false, "error": "invalid_blocks", "response_metadata":'
        ' {"messages": ["[ERROR] missing field [json-pointer:/blocks/0]"]}}'
    )
    refused = outcome(answering("200 OK", body))
    assert isinstance(refused, Refused)
    assert refused.detail == "missing field [json-pointer:/blocks/0]"


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("Retry-After: 7", 7.0),
        ("retry-after: 0", 1.0),
        ("Retry-After: soon", 30.0),
        ("Retry-After: nan", 30.0),
        ("Retry-After: 999999999", 3_600.0),
        ("X-None: 1", 30.0),
    ],
)
def test_a_429_says_for_how_long_or_a_sane_time_is_taken(header: str, seconds: float) -> None:
    limited = outcome(answering("429 Too Many Requests", '{"ok": false}', header))
    assert isinstance(limited, RateLimited)
    assert limited.retry_after == seconds


def test_a_redirect_is_not_followed_and_gets_no_token() -> None:
    with server(answering("200 OK", '{"ok": true}')) as (elsewhere, heard):
        error = outcome(answering("307 Moved", "", f"Location: {elsewhere}"))
    assert isinstance(error, Unclear)
    assert heard == []


def dripping(connection: socket.socket) -> None:
    """A byte a tenth of a second: each read succeeds, the whole never comes."""
    connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n")
    pause = threading.Event()
    for _ in range(100):
        connection.sendall(b" ")
        pause.wait(0.1)


def dripping_head(connection: socket.socket) -> None:
    """The same before the answer has begun."""
    pause = threading.Event()
    for byte in b"HTTP/1.1 200 OK\r\nx-more: " + b"x" * 100:
        connection.sendall(bytes([byte]))
        pause.wait(0.1)


@pytest.mark.parametrize("serve", [dripping, dripping_head])
def test_an_answer_that_drips_is_given_up_in_time(serve: Serve) -> None:
    began = time.monotonic()
    assert isinstance(outcome(serve), Unclear)
    assert time.monotonic() - began < 4 * TIMEOUT


def endless(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    for _ in range(LARGEST // 100_000 + 10):
        connection.sendall(b" " * 100_000)


def test_an_answer_without_end_is_given_up() -> None:
    error = outcome(endless)
    assert isinstance(error, Unclear)
    assert "longer than" in str(error) or "whole answer" in str(error)


def test_a_broken_connection_is_unclear_and_nothing_is_sent_twice() -> None:
    def hang_up(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n{")

    with server(hang_up) as (url, heard):
        with pytest.raises(Unclear), asking("chat.postMessage"):
            client(url).chat_postMessage(channel="C0A", text="a")
        assert len(heard) == 1


def test_a_name_that_nobody_knows_was_certainly_not_reached() -> None:
    with pytest.raises(RateLimited, match="cannot be reached"), asking("api.test"):
        client("http://nowhere.invalid/api/").api_test()


def test_no_proxy_is_asked_for_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://nowhere.invalid:9")
    with server(answering("200 OK", '{"ok": true}')) as (url, _), asking("api.test"):
        assert client(url).api_test()["ok"]


def test_a_proxy_is_asked_for_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    with server(answering("200 OK", '{"ok": true}')) as (proxy, heard), asking("api.test"):
        monkeypatch.setenv("http_proxy", proxy.removesuffix("/api/"))
        assert client("http://slack.invalid/api/").api_test()["ok"]
    assert heard[0].startswith(b"POST http://slack.invalid/api/api.test")


SAID = Rendered("hello", ({"type": "divider"},))


def test_an_answer_to_one_person_goes_back_to_where_it_was_asked() -> None:
    with server(answering("200 OK", "ok", "content-type: text/plain")) as (url, heard):
        Responder(url)(f"{url.removesuffix('api/')}response/1", SAID, replace=True)
    assert heard[0].startswith(b"POST /response/1 ")


@pytest.mark.parametrize("url", ["https://evil.test/x", "http://hooks.slack.com/x", "", "x://y"])
def test_an_answer_goes_to_slack_only(url: str) -> None:
    with pytest.raises(Refused, match="response_url_refused"):
        Responder("https://slack.com/api/")(url, SAID, replace=False)


def test_a_refused_or_lost_answer_to_one_person_is_told_apart() -> None:
    with (
        server(answering("404 Not Found", "used_url")) as (url, _),
        pytest.raises(Refused, match="used_url"),
    ):
        Responder(url)(url, SAID, replace=False)
    with server(lambda connection: None) as (url, _), pytest.raises(Unclear):
        Responder(url)(url, SAID, replace=False)
