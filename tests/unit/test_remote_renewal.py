"""An identity that lives for minutes, and a pipeline that waits for longer."""

import json

import pytest

from bot.errors import UserError
from bot.remote.client import Remote, TurnedAway
from tests.httpserver import BadServer, Conversation

GOES = {"outcome": "allow", "allowed": True}
QUESTION = {"subject": {"service": "ranker"}}


def believing(token: str) -> BadServer:
    """A Burnban that believes one token only."""

    def answer(talk: Conversation) -> None:
        if talk.request.headers.get("authorization") == f"Bearer {token}":
            talk.answer(json.dumps(GOES))
        else:
            talk.answer('{"error": {"message": "too old"}}', "401 Unauthorized")

    return BadServer(answer)


def test_an_identity_that_is_too_old_is_renewed_and_the_question_asked_again() -> None:
    with believing("b") as server, Remote(server.url, "a", renew=lambda: "b") as remote:
        assert remote.decide(QUESTION) == GOES
        assert remote.decide(QUESTION) == GOES
        assert len(server.requests) == 3


def test_a_new_identity_that_is_refused_as_well_is_a_refusal() -> None:
    with (
        believing("c") as server,
        Remote(server.url, "a", renew=lambda: "b") as remote,
        pytest.raises(TurnedAway, match="too old"),
    ):
        remote.decide(QUESTION)
    assert len(server.requests) == 2


def none() -> str:
    raise UserError("The runner gave no identity.")


def test_a_runner_that_gives_no_new_identity_leaves_the_refusal() -> None:
    with (
        believing("b") as server,
        Remote(server.url, "a", renew=none) as remote,
        pytest.raises(TurnedAway, match="too old") as refused,
    ):
        remote.decide(QUESTION)
    assert refused.value.status == 401
