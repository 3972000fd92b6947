"""Tokens and what they may."""

from dataclasses import replace

import pytest

from bot.decide.caller import Caller, Rights, Token, refuse_third
from bot.decide.change import ChangeKind
from bot.decide.people import Actor, Door
from bot.errors import UserError
from tests.unit.gating import NOW, hours

RIGHTS = Rights.of(["gate:decide:ranker", "gate:claim:rollback"])
TOKEN = Token(3, "ranker-ci", "ab" * 32, RIGHTS, NOW, "UADA", NOW + hours(1))


def test_a_scope_opens_what_it_names_and_nothing_else() -> None:
    assert RIGHTS.may_decide("ranker")
    assert not RIGHTS.may_decide("recs")
    assert RIGHTS.may_claim(ChangeKind.ROLLBACK)
    assert not RIGHTS.may_claim(ChangeKind.SECURITY_FIX)
    assert RIGHTS.may_see("ranker")
    assert not RIGHTS.may_see("recs")


def test_a_star_stands_for_all_and_read_sees_all() -> None:
    every = Rights.of(["gate:decide:*", "gate:claim:*"])
    assert every.may_decide("anything")
    assert every.may_claim(ChangeKind.RETRAIN)
    reader = Rights.of(["read"])
    assert reader.may_see("ranker")
    assert not reader.may_decide("ranker")


def test_a_feed_is_pushed_to_by_its_name_by_that_of_a_service_or_by_a_star() -> None:
    for scope in ("slices:push:labels", "slices:push:ranker", "slices:push:*"):
        assert Rights.of([scope]).may_push("labels", {"ranker"})
    assert not Rights.of(["slices:push:recs", "read"]).may_push("labels", {"ranker"})
    assert not Rights.of(["slices:push:labels"]).may_decide("labels")


def test_who_may_tell_of_releases_may_do_nothing_else() -> None:
    teller = Rights.of(["releases:note:ranker"])
    assert teller.may_note("ranker")
    assert not teller.may_note("recs")
    assert not teller.may_decide("ranker")
    assert not teller.may_see("ranker")
    assert Rights.of(["releases:note:*"]).may_note("recs")
    assert teller.scopes == ("releases:note:ranker",)


def test_the_glass_of_a_cluster_is_broken_by_its_scope_and_by_no_right_to_ask() -> None:
    assert Rights.of(["gate:break-glass:prod"]).may_break("prod")
    assert Rights.of(["gate:break-glass:*"]).may_break("prod")
    assert not Rights.of(["gate:break-glass:dev"]).may_break("prod")
    assert not Rights.of(["gate:decide:*", "gate:claim:*", "read"]).may_break("prod")
    assert not Rights.of(["gate:break-glass:prod"]).may_decide("prod")


def test_scopes_are_written_as_they_are_read() -> None:
    asking = ("gate:decide:ranker", "gate:claim:rollback", "gate:break-glass:prod")
    scopes = (*asking, "read", "slices:push:ranker-labels")
    assert Rights.of(scopes).scopes == scopes
    assert Rights.of(Rights.of(["gate:decide:*"]).scopes) == Rights.of(["gate:decide:*"])


@pytest.mark.parametrize(
    "scope",
    [
        "",
        "gate",
        "gate:decide:",
        "gate:decide:a b",
        "gate:claim:wish",
        "gate:claim:",
        "gate:break-glass:",
        "READ",
        "slices:push:",
    ],
)
def test_a_scope_that_opens_nothing_is_refused_with_one_that_does(scope: str) -> None:
    with pytest.raises(UserError) as told:
        Rights.of([scope])
    assert scope in told.value.sentence
    assert "gate:decide:ranker" in told.value.example


def test_a_token_ends_at_the_instant_of_its_expiry_or_when_revoked() -> None:
    assert TOKEN.live(NOW)
    assert not TOKEN.live(NOW + hours(1))
    assert not replace(TOKEN, revoked_at=NOW).live(NOW)


def test_a_token_acts_under_its_number_and_name() -> None:
    actor = TOKEN.actor
    assert (actor.id, actor.name, actor.door) == ("token:3", "ranker-ci", Door.API)


def test_both_tokens_of_a_name_are_the_word_of_one_owner_and_others_their_own() -> None:
    old = Caller(TOKEN.actor, RIGHTS, owner=TOKEN.owner)
    new = Caller(replace(TOKEN, id=4).actor, RIGHTS, owner=replace(TOKEN, id=4).owner)
    assert old.word == new.word == "token:ranker-ci"
    person = Actor("terminal:ada", "ada", Door.TERMINAL)
    assert Caller(person, RIGHTS).word == "terminal:ada"


def test_a_third_live_token_of_one_name_is_refused_and_says_which_to_revoke() -> None:
    second = replace(TOKEN, id=4)
    refuse_third("ranker-ci", [TOKEN, replace(second, revoked_at=NOW)], NOW)
    refuse_third("recs-ci", [TOKEN, second], NOW)
    with pytest.raises(UserError, match="two live tokens") as told:
        refuse_third("ranker-ci", [TOKEN, second], NOW)
    assert told.value.example == "burnban token revoke 3"
