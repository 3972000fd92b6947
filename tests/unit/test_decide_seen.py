"""Releases that were seen, and the answers that let them go."""

from bot.decide.seen import let_go


def test_an_answer_about_the_same_version_let_it_go() -> None:
    assert let_go({"version": "38"}, {"version": "38", "commit": "", "digest": None})
    assert not let_go({"version": "39"}, {"version": "38"})


def test_an_answer_that_names_something_else_did_not() -> None:
    assert not let_go({"version": "38"}, {"commit": "a" * 40})
    assert not let_go({}, {})


def test_what_both_name_must_be_the_same() -> None:
    seen = {"version": "38", "commit": "a"}
    assert let_go(seen, {"version": "38"})
    assert not let_go(seen, {"version": "38", "commit": "b"})
