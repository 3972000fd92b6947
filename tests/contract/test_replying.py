"""Answers go to Slack's own host, or to the one that SLACK_API_URL names, and nowhere else."""

import pytest

from bot.errors import DeliveryError, Refused
from bot.notify.replying import Responder
from bot.playground.limits import Limits
from bot.playground.seed import SCIENTIST
from bot.ports import Rendered
from tests.e2e.slack import ROOM, slack

MESSAGE = Rendered("hello")
SLACK = "https://slack.com/api/"
LOOPBACK = "http://127.0.0.1:8700/api/"


@pytest.mark.parametrize(
    ("api", "url"),
    [
        (SLACK, "http://hooks.slack.com/commands/1"),
        (SLACK, "https://hooks.slack.com.evil.example/commands/1"),
        (SLACK, "https://evil.example/hooks.slack.com"),
        (SLACK, "https://hooks.slack.com@evil.example/commands/1"),
        (SLACK, "https://slack.com/api/chat.postMessage"),
        (SLACK, "http://169.254.169.254/latest/meta-data"),
        (SLACK, "http://127.0.0.1:8700/commands/1"),
        (SLACK, "file:///etc/passwd"),
        (SLACK, "not a url"),
        (LOOPBACK, "http://127.0.0.1:8701/commands/1"),
        (LOOPBACK, "http://127.0.0.1/commands/1"),
        (LOOPBACK, "https://127.0.0.1:8700/commands/1"),
        (LOOPBACK, "http://user@127.0.0.1:8700/commands/1"),
        (LOOPBACK, "http://localhost:8700/commands/1"),
    ],
)
def test_no_other_host_is_written_to(api: str, url: str) -> None:
    with pytest.raises(Refused) as caught:
        Responder(api)(url, MESSAGE, replace=False)
    assert caught.value.code == "response_url_refused"


def test_an_answer_reaches_the_person_alone() -> None:
    with slack(limits=Limits.none()) as people:
        hook = people.space.hooks.for_command(SCIENTIST.id, ROOM)
        respond = Responder(people.server.api_url)
        respond(f"{people.server.url}/{hook.path}", MESSAGE, replace=False)
        (said,) = people.space.ephemerals(SCIENTIST.id)
        assert said.text == "hello"
        assert not people.heads()


def test_a_url_that_is_used_up_is_a_delivery_error_and_its_path_is_not_told() -> None:
    with slack(limits=Limits.none()) as people:
        respond = Responder(people.server.api_url)
        with pytest.raises(DeliveryError) as caught:
            respond(f"{people.server.url}/commands/T1/2/c4n4ry", MESSAGE, replace=False)
        assert "c4n4ry" not in str(caught.value)
