"""Anchors in files and at webhooks: they arrive whole, or it is said why not."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from bot.decide.seal import Purpose, Seal, written
from bot.errors import DeliveryError, UserError
from bot.notify import outside
from bot.notify.outside import FileOutside, WebhookOutside, anchors_in
from tests.builders import NOON, when
from tests.httpserver import BadServer, Conversation
from tests.ports import free_port

ONE = Seal(Purpose.ANCHOR, 41, "0f" * 32, when(NOON), "ab" * 32, "cd" * 64)
TWO = Seal(Purpose.ANCHOR, 47, "1f" * 32, when(NOON) + timedelta(hours=1))


def test_a_file_grows_by_a_line_an_anchor(tmp_path: Path) -> None:
    path = tmp_path / "anchors.jsonl"
    for seal in (ONE, TWO):
        FileOutside(path).leave(written(seal))
    assert path.read_text() == f"{written(ONE)}\n{written(TWO)}\n"
    assert anchors_in(path) == (ONE, TWO)


def test_half_a_line_of_somebody_who_was_killed_spoils_no_other(tmp_path: Path) -> None:
    path = tmp_path / "anchors.jsonl"
    path.write_text(written(ONE) + "\n" + written(TWO)[:40])
    FileOutside(path).leave(written(TWO))
    assert anchors_in(path) == (ONE, TWO)


def test_many_who_write_at_once_leave_whole_lines(tmp_path: Path) -> None:
    path = tmp_path / "anchors.jsonl"
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: FileOutside(path).leave(written(ONE)), range(80)))
    assert anchors_in(path) == (ONE,) * 80


def test_a_file_that_cannot_be_written_is_named_with_the_reason(tmp_path: Path) -> None:
    path = tmp_path / "none" / "anchors.jsonl"
    with pytest.raises(DeliveryError, match=r"anchors.jsonl cannot be written: No such file"):
        FileOutside(path).leave(written(ONE))


def test_anchors_copied_from_a_channel_are_read_with_what_stands_around_them(
    tmp_path: Path,
) -> None:
    path = tmp_path / "copied.txt"
    path.write_text(
        f"Burnban  14:00\nThe history stands at decision 41\n```{written(ONE)}```\n\n"
        f"  {written(TWO)}  \nWhoever rewrites …\n"
    )
    assert anchors_in(path) == (ONE, TWO)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (written(ONE).replace('"seq":41', '"seq":"x"'), "Line 2 of .* is no anchor any more"),
        ('{"hash": "0f"}', "Line 2 of .* is no anchor any more"),
        (written(ONE).replace('"anchor"', '"checkpoint"'), "Line 2 of .* is a seal, but no anchor"),
    ],
)
def test_a_line_that_was_spoilt_is_named(tmp_path: Path, line: str, says: str) -> None:
    path = tmp_path / "anchors.jsonl"
    path.write_text(f"{written(TWO)}\n{line}\n")
    with pytest.raises(UserError, match=says):
        anchors_in(path)


def test_a_file_without_anchors_is_told(tmp_path: Path) -> None:
    path = tmp_path / "anchors.jsonl"
    with pytest.raises(UserError, match="cannot be read: No such file"):
        anchors_in(path)
    path.write_text("nothing here\n")
    with pytest.raises(UserError, match="holds no anchor"):
        anchors_in(path)
    path.write_bytes(b"\xff\xfe{}")
    with pytest.raises(UserError, match="is not text"):
        anchors_in(path)


def test_a_file_that_is_far_too_large_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "anchors.jsonl"
    path.write_text(written(ONE))
    monkeypatch.setattr(outside, "LARGEST", 100)
    with pytest.raises(UserError, match="too large"):
        anchors_in(path)


def answering(status: str) -> Callable[[Conversation], None]:
    return lambda talk: talk.answer("", status)


@pytest.mark.parametrize("status", ["200 OK", "202 Accepted", "204 No Content"])
def test_a_webhook_gets_the_line_by_post(status: str) -> None:
    with BadServer(answering(status)) as server:
        WebhookOutside(f"{server.url}/hook?token=t").leave(written(ONE))
    (request,) = server.requests
    assert (request.method, request.path) == ("POST", "/hook?token=t")
    assert request.headers["content-type"] == "application/json"
    assert request.body == written(ONE)


@pytest.mark.parametrize("status", ["302 Found", "401 Unauthorized", "500 Oops"])
def test_a_webhook_that_does_not_take_it_is_told_without_its_secret(status: str) -> None:
    with BadServer(answering(status)) as server, pytest.raises(DeliveryError) as caught:
        WebhookOutside(f"{server.url}/hook/canary?token=canary").leave(written(ONE))
    assert str(caught.value) == f"127.0.0.1 answered {status[:3]}"


def test_a_webhook_that_nobody_answers_is_told_without_its_secret() -> None:
    url = f"http://127.0.0.1:{free_port()}/canary"
    with pytest.raises(DeliveryError, match=r"127\.0\.0\.1 cannot be reached") as caught:
        WebhookOutside(url).leave(written(ONE))
    assert "canary" not in str(caught.value)


def test_a_webhook_that_drips_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outside, "TIMEOUT", 0.5)
    given_up = threading.Event()

    def drip(talk: Conversation) -> None:
        talk.drip(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n" + b"x" * 9_999, 0.01)
        given_up.set()

    with BadServer(drip) as server:
        with pytest.raises(DeliveryError, match="cannot be reached"):
            WebhookOutside(server.url).leave(written(ONE))
        assert given_up.wait(10)
