"""The Messenger: one law for the real one, against a strict double of Slack, and for the fake."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import Refused
from tests.contract.messenger.conftest import HELLO, LONG_AGO, ROOM, Standing, post
from tests.team import TEAM_CHANNEL


def test_a_post_stands_in_the_channel_and_is_found_by_its_key(standing: Standing) -> None:
    ts = post(standing.messenger, "one", "k1")
    post(standing.messenger, "two", "k2")
    assert standing.messenger.find(ROOM, "k1", LONG_AGO, None) == [ts]
    assert standing.texts() == ["one", "two"]


def test_the_id_of_a_channel_given_by_name_is_answered(standing: Standing) -> None:
    name = f"#{TEAM_CHANNEL.name}"
    channel, ts = standing.messenger.post(name, HELLO, "k", None, broadcast=False)
    assert channel == ROOM
    assert standing.messenger.find(name, "k", LONG_AGO, None) == [ts]


def test_two_posts_with_one_key_are_both_found_oldest_first(standing: Standing) -> None:
    first = post(standing.messenger, "one", "k")
    second = post(standing.messenger, "one again", "k")
    assert standing.messenger.find(ROOM, "k", LONG_AGO, None) == [first, second]


def test_a_key_that_nobody_posted_is_not_found(standing: Standing) -> None:
    post(standing.messenger, "one", "k1")
    assert standing.messenger.find(ROOM, "k", LONG_AGO, None) == []


def test_what_was_posted_before_the_asked_time_is_not_looked_at(standing: Standing) -> None:
    post(standing.messenger, "one", "k")
    later = datetime.now(UTC) + timedelta(days=1)
    assert standing.messenger.find(ROOM, "k", later, None) == []


def test_an_edit_changes_the_text_and_keeps_the_key(standing: Standing) -> None:
    ts = post(standing.messenger, "one", "k")
    standing.messenger.edit(ROOM, ts, replace(HELLO, text="another"))
    assert standing.texts() == ["another"]
    assert standing.messenger.find(ROOM, "k", LONG_AGO, None) == [ts]


def test_an_edit_of_what_does_not_stand_is_refused_by_name(standing: Standing) -> None:
    with pytest.raises(Refused) as refused:
        standing.messenger.edit(ROOM, "1500000000.000001", HELLO)
    assert refused.value.code == "message_not_found"


def test_a_reply_is_found_in_its_thread(standing: Standing) -> None:
    head = post(standing.messenger, "head", "k1")
    ts = post(standing.messenger, "reply", "k2", thread=head)
    assert standing.messenger.find(ROOM, "k2", LONG_AGO, head) == [ts]


def test_what_was_deleted_is_found_no_more(standing: Standing) -> None:
    first = post(standing.messenger, "one", "k")
    second = post(standing.messenger, "one again", "k")
    standing.messenger.delete(ROOM, second)
    assert standing.messenger.find(ROOM, "k", LONG_AGO, None) == [first]
    assert standing.texts() == ["one"]
