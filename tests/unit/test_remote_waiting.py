"""Whoever waits at the gate reads meanwhile what they wait for, and may end the wait."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from bot.decide.away import Exit
from bot.remote.ask import AskGate, told
from bot.remote.client import Facts, Remote, TurnedAway
from tests.fakes import FakeClock
from tests.httpserver import BadServer, Conversation
from tests.unit.test_remote import GOES, QUESTION, STOPS, TOKEN, Answering


class Reader:
    """Reads along, and presses Ctrl-C at the end of so many pauses."""

    def __init__(self, clock: FakeClock, patience: int = 10**6) -> None:
        self.clock, self.patience = clock, patience
        self.read: list[list[str]] = []

    def pause(self, seconds: float) -> None:
        self.patience -= 1
        if self.patience < 0:
            raise KeyboardInterrupt
        self.clock.advance(seconds)

    def tell(self, lines: Sequence[str]) -> None:
        self.read.append(list(lines))


def waiting(gate: Answering, patience: int = 10**6) -> tuple[AskGate, Reader]:
    clock = FakeClock()
    reader = Reader(clock, patience)
    return AskGate(gate, clock.now, reader.pause, tell=reader.tell), reader


def test_whoever_waits_reads_at_once_what_stops_it_and_then_a_calm_line_now_and_then() -> None:
    ask, reader = waiting(Answering(STOPS))
    ask.run(QUESTION, wait=1_200)
    first, *later = reader.read
    assert first[0] == "ranker 38 may not go: x"
    assert "Opens: Mon 2 Mar 2026, 14:00 UTC, if nothing else comes." in first
    assert "ask for an override" in str(first)
    assert first[-1] == "Waiting 20 min at most; Ctrl-C ends that."
    assert [lines[0] for lines in later] == [
        f"Still waiting, for {n} min now: ranker 38 may not go: x" for n in (5, 10, 15)
    ]


def test_a_question_that_was_asked_before_says_that_its_figures_are_newer_than_its_decision() -> (
    None
):
    assert told(STOPS)[-1] == "Decision 8."
    again = "Decision 8, as when this was asked before; the figures are of now."
    assert told({**STOPS, "repeated": True})[-1] == again


def test_whoever_waits_hears_of_other_reasons_at_once_and_not_of_other_figures() -> None:
    burns = {**STOPS, "reasons": [STOPS["reasons"][0], {**STOPS["reasons"][1], "message": "more"}]}
    held = {**STOPS["reasons"][0], "code": "HELD", "freeze_id": "9"}
    other = {**STOPS, "sentence": "ranker 38 has to wait", "outcome": "hold", "reasons": [held]}
    ask, reader = waiting(Answering(STOPS, burns, other, GOES))
    assert ask.run(QUESTION, wait=1_200).code is Exit.GOES
    assert [lines[0] for lines in reader.read] == [STOPS["sentence"], "ranker 38 has to wait"]


def test_whoever_ends_the_wait_gets_the_last_state_and_its_exit_code() -> None:
    ask, _ = waiting(Answering(STOPS), patience=2)
    found = ask.run(QUESTION, wait=1_200)
    assert found.code is Exit.FROZEN
    assert found.lines[0] == "ranker 38 may not go: x"
    assert "ended by hand" in found.lines[-1]


def test_who_ends_it_before_any_answer_has_none() -> None:
    class Hanging(Answering):
        def decide(self, question: Mapping[str, Any], once: str = "", /) -> Facts:
            raise KeyboardInterrupt

    ask, _ = waiting(Hanging(STOPS))
    with pytest.raises(KeyboardInterrupt):
        ask.run(QUESTION, wait=1_200)


def test_who_does_not_wait_reads_nothing_meanwhile() -> None:
    ask, reader = waiting(Answering(STOPS))
    ask.run(QUESTION)
    assert reader.read == []


def test_a_token_that_is_none_is_told_in_the_words_of_a_terminal() -> None:
    def answer(conversation: Conversation) -> None:
        said = {"message": "This token is none.", "remedy": "Authorization: Bearer burnban_…"}
        conversation.answer(json.dumps({"error": said}), "401 Unauthorized")

    with (
        BadServer(answer) as server,
        Remote(server.url, TOKEN) as remote,
        pytest.raises(TurnedAway) as caught,
    ):
        remote.decide(QUESTION)
    assert str(caught.value) == "This token is none."
    assert caught.value.remedy.startswith("check BURNBAN_TOKEN")


def test_an_override_that_waits_already_is_pointed_to_instead_of_asking_for_another() -> None:
    pending = {"override_id": "2", "asked_at": "2026-03-02T11:05:00+00:00"}
    text = "\n".join(told({**STOPS, "override_pending": pending}))
    assert "Override 2 for it waits for an approval since Mon 2 Mar 2026, 11:05 UTC" in text
    assert "ask for an override" not in text
