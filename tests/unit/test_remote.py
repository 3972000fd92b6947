"""What a pipeline keeps, believes and waits for; the server is one of this machine's."""

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.decide.away import Exit
from bot.remote.ask import AskGate, told
from bot.remote.client import Away, Facts, Remote, Signed, TurnedAway
from bot.remote.lease import Lease
from bot.wiring.gate_commands import tidy
from tests.fakes import FakeClock
from tests.httpserver import BadServer, Conversation

TOKEN = "burnban_" + "t" * 43
QUESTION = {"subject": {"service": "ranker", "model_version": "38"}}
GOES: Facts = {
    "service": "ranker", "outcome": "allow", "allowed": True, "sentence": "ranker 38 may go",
    "reasons": [{"code": "OPEN", "outcome": "allow", "message": "nothing"}], "decision_id": "7",
}  # fmt: skip
STOPS: Facts = {
    "service": "ranker", "outcome": "deny", "allowed": False, "sentence": "ranker 38 may not go: x",
    "reasons": [
        {"code": "MANUAL_FREEZE", "outcome": "deny", "message": "x"},
        {"code": "BUDGET_BURNING", "outcome": "warn", "message": "it burns"},
    ],
    "decision_id": "8", "next_open": "2026-03-02T14:00:00+00:00",
    "request_override": "/override ranker 38 <reason>", "team": "Search", "channel": "#search",
    "request_override_url": None,
}  # fmt: skip


def status(until: datetime, **more: Any) -> bytes:
    said = {
        "service": "ranker", "environment": "prod", "outcome": "allow", "reason": "nothing",
        "reasons": [], "validUntil": until.isoformat(), **more,
    }  # fmt: skip
    return json.dumps(said).encode()


def signed(body: bytes, token: str = TOKEN) -> Signed:
    secret = hashlib.sha256(token.encode()).hexdigest().encode()
    return Signed(body, f"v1={hmac.new(secret, body, 'sha256').hexdigest()}")


class Answering:
    """A gate that answers what it is told, one after the other; the last one for ever."""

    def __init__(self, *answers: Facts | Exception) -> None:
        self.answers = list(answers)
        self.asked = 0

    def decide(self, question: Mapping[str, Any], once: str = "", /) -> Facts:
        """The next."""
        self.asked += 1
        found = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(found, Exception):
            raise found
        return found


def asking(gate: Answering, lease: Lease | None = None, clock: FakeClock | None = None) -> AskGate:
    time = clock or FakeClock()
    return AskGate(gate, time.now, lambda seconds: void(time.advance(seconds)), lease)


def void(_: object) -> None:
    return None


@pytest.fixture
def lease(tmp_path: Path) -> Lease:
    return Lease(tmp_path / "cache", "https://burnban.example", TOKEN)


UNTIL = FakeClock().now() + timedelta(minutes=15)


def test_what_is_kept_is_believed_by_its_signature_alone(lease: Lease, tmp_path: Path) -> None:
    assert lease.keep("ranker", signed(status(UNTIL)))
    kept = lease.kept("ranker")
    assert kept is not None
    assert (kept.environment, kept.valid_until) == ("prod", UNTIL)
    assert not lease.keep("ranker", signed(status(UNTIL), "another"))
    assert not lease.keep("ranker", Signed(status(UNTIL), ""))
    assert Lease(tmp_path / "cache", "https://burnban.example", "other").kept("ranker") is None
    assert Lease(tmp_path / "cache", "https://elsewhere.example", TOKEN).kept("ranker") is None
    assert Lease(tmp_path / "cache", "https://burnban.example", "").kept("ranker") is None


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text.replace("allow", "deny"),
        lambda text: text[:40],
        lambda text: "[]",
        lambda text: "\x00",
        lambda text: json.dumps({"body": 7, "signature": ""}),
    ],
)
def test_a_file_that_somebody_touched_says_nothing(
    lease: Lease, tmp_path: Path, spoil: Callable[[str], str]
) -> None:
    lease.keep("ranker", signed(status(UNTIL)))
    (file,) = (tmp_path / "cache").glob("*.status")
    file.write_text(spoil(file.read_text()))
    assert lease.kept("ranker") is None


def test_the_answer_about_one_service_is_not_one_about_another(
    lease: Lease, tmp_path: Path
) -> None:
    lease.keep("ranker", signed(status(UNTIL)))
    lease.keep("recs", signed(status(UNTIL)))
    assert lease.kept("recs") is None
    assert (tmp_path / "cache").stat().st_mode & 0o077 == 0
    assert all(file.stat().st_mode & 0o077 == 0 for file in (tmp_path / "cache").iterdir())


def test_passages_are_kept_until_they_are_reported(lease: Lease) -> None:
    assert lease.owed() == []
    assert lease.owe({"n": 1})
    assert lease.owe({"n": 2})
    first, second = lease.owed()
    assert [first.passage, second.passage] == [{"n": 1}, {"n": 2}]
    lease.paid(first)
    lease.paid(first)
    assert [one.passage for one in lease.owed()] == [{"n": 2}]


@pytest.mark.parametrize(
    "text", ['{"n": 3', '{"n": NaN}', '{"n": 1e999}', '{"n": "\\ud800"}', "[" * 100_000, "7", "\0"]
)
def test_a_passage_that_was_torn_or_edited_spoils_no_other(
    lease: Lease, tmp_path: Path, text: str
) -> None:
    lease.owe({"n": 1})
    (file,) = (tmp_path / "cache").glob("*.passage")
    lease.owe({"n": 2})
    file.write_text(text)
    assert [one.passage for one in lease.owed()] == [{"n": 2}]
    assert not file.exists()


def test_only_the_newest_passages_are_kept(lease: Lease, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.remote.lease._MOST", 3)
    for number in range(5):
        lease.owe({"n": number})
    assert [one.passage["n"] for one in lease.owed()] == [2, 3, 4]


def test_a_passage_of_another_team_holds_up_no_other(lease: Lease) -> None:
    lease.owe({"n": 1})
    lease.owe({"n": 2})
    lease.owe({"n": 3})

    def answer(conversation: Conversation) -> None:
        asked = conversation.request.body
        code = {"1": "403 Forbidden", "2": "422 No"}.get(asked[-2:-1], "200 OK")
        conversation.answer(json.dumps({"recorded": True}), code)

    with BadServer(answer) as server, Remote(server.url, TOKEN) as remote:
        tidy(remote, lease, "ranker")
    assert [one.passage for one in lease.owed()] == [{"n": 1}]


def test_a_status_that_was_edited_into_nothing_sensible_is_none(
    lease: Lease, tmp_path: Path
) -> None:
    lease.keep("ranker", signed(status(UNTIL)))
    (file,) = (tmp_path / "cache").glob("*.status")
    for text in ("[" * 100_000, '{"body": "\\ud800", "signature": "\\ud800"}', "[]", "{}", ""):
        file.write_text(text)
        assert lease.kept("ranker") is None


def test_a_folder_that_cannot_be_made_is_told_not_raised(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    lease = Lease(tmp_path / "file" / "cache", "https://burnban.example", TOKEN)
    assert not lease.keep("ranker", signed(status(UNTIL)))
    assert not lease.owe({"n": 1})


def test_whoever_waits_is_asked_again_until_it_goes() -> None:
    gate, clock = Answering(STOPS, Away("gone"), STOPS, GOES), FakeClock()
    began = clock.now()
    assert asking(gate, clock=clock).run(QUESTION, wait=60).code is Exit.GOES
    assert gate.asked == 4
    assert clock.now() - began == timedelta(seconds=45)


def test_waiting_ends_at_its_end() -> None:
    gate, clock = Answering(STOPS), FakeClock()
    began = clock.now()
    assert asking(gate, clock=clock).run(QUESTION, wait=40).code is Exit.FROZEN
    assert (gate.asked, clock.now() - began) == (4, timedelta(seconds=40))
    assert asking(Answering(STOPS)).run(QUESTION).code is Exit.FROZEN


@pytest.mark.parametrize(
    ("status", "code"), [(401, 13), (403, 13), (404, 2), (409, 2), (413, 2), (422, 2)]
)
def test_a_refusal_is_told_at_once_also_to_whoever_waits(status: int, code: int) -> None:
    gate = Answering(TurnedAway(status, "no", "yes"))
    found = asking(gate).run(QUESTION, wait=600)
    assert (found.code, gate.asked) == (code, 1)
    assert found.lines == ["refused: no", "Try: yes"]


def test_without_an_answer_what_was_kept_counts_as_long_as_it_was_promised(lease: Lease) -> None:
    lease.keep("ranker", signed(status(UNTIL)))
    clock = FakeClock()
    found = asking(Answering(Away("gone")), lease, clock).run(QUESTION)
    assert (found.code, found.passed) == (Exit.GOES, True)
    assert "WITHOUT AN ANSWER" in found.lines[0]
    clock.advance(900)
    found = asking(Answering(Away("gone")), lease, clock).run(QUESTION)
    assert (found.code, found.passed) == (Exit.UNREACHABLE, False)
    assert found.lines[1] == "Why: gone"


def after_the_lease(lease: Lease) -> Exit:
    clock = FakeClock()
    clock.advance(900)
    return asking(Answering(Away("gone")), lease, clock).run(QUESTION).code


def test_after_that_the_signed_word_of_the_policy_counts(lease: Lease) -> None:
    lease.keep("ranker", signed(status(UNTIL, withoutAnswer="allow")))
    assert after_the_lease(lease) is Exit.GOES
    lease.keep("ranker", signed(status(UNTIL, environment="staging")))
    assert after_the_lease(lease) is Exit.GOES
    lease.keep("ranker", signed(status(UNTIL, environment="staging", withoutAnswer="deny")))
    assert after_the_lease(lease) is Exit.UNREACHABLE


@pytest.mark.parametrize("word", ["ask", "", 1, ["allow"], None])
def test_a_word_that_is_not_known_leaves_what_is_built_in(lease: Lease, word: object) -> None:
    lease.keep("ranker", signed(status(UNTIL, withoutAnswer=word)))
    assert after_the_lease(lease) is Exit.UNREACHABLE


def test_a_forged_word_opens_nothing(lease: Lease, tmp_path: Path) -> None:
    lease.keep("ranker", signed(status(UNTIL, withoutAnswer="deny")))
    (file,) = tmp_path.rglob("*.status")
    text = file.read_text()
    file.write_text(text.replace("deny", "allow"))
    assert file.read_text() != text
    assert after_the_lease(lease) is Exit.UNREACHABLE


def test_a_no_says_what_until_when_and_whom_to_ask() -> None:
    lines = told(STOPS)
    assert lines == [
        "ranker 38 may not go: x",
        "- it burns",
        "Opens: Mon 2 Mar 2026, 14:00 UTC, if nothing else comes.",
        "If it cannot wait, ask for an override in Slack in #search: /override ranker 38 <reason>",
        "Its approvers are those of Search.",
        "Decision 8.",
    ]
    assert "nobody knows yet" in told({**STOPS, "next_open": None})[2]
    assert told({**STOPS, "request_override": None})[3] == "Decision 8."
    assert told(GOES) == ["ranker 38 may go", "Decision 7."]


def test_a_name_that_is_wrong_is_not_said_to_open_one_day() -> None:
    sentence = "rankr 38 may not go: there is no service rankr; did you mean ranker?"
    reason = {"code": "UNKNOWN_SERVICE", "outcome": "deny", "message": "there is no service rankr"}
    wrong = {**STOPS, "sentence": sentence, "reasons": [reason], "request_override": None}
    assert told(wrong | {"next_open": None}) == [sentence, "Decision 8."]


def test_a_forecast_and_an_advice_are_told_as_what_they_are() -> None:
    lines = told({**STOPS, "next_open": None, "expected_open": "2026-03-09T14:00:00+00:00"})
    forecast = "Opens: about Mon 9 Mar 2026, 14:00 UTC, if nothing new happens; that is a forecast."
    assert forecast in lines
    assert "Advice, no decision: Hold." in told({**GOES, "advice": {"text": "Hold."}})
