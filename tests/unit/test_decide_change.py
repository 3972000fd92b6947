"""The word for a release: a version, a whole commit, a digest; never a piece of one."""

from dataclasses import replace

import pytest

from bot.decide.change import MAX_VERSION, Change, ChangeKind, read_release, typed
from bot.errors import UserError

SHA, DIGEST = "3f" * 20, "sha256:" + "0a" * 32


def read(word: str) -> Change:
    return read_release("ranker", word, ChangeKind.BUG_FIX, "ML-12")


@pytest.mark.parametrize(
    ("word", "named"),
    [
        ("38", {"version": "38"}),
        ("v1.4.2", {"version": "v1.4.2"}),
        ("2026:03", {"version": "2026:03"}),
        ("20260302", {"version": "20260302"}),
        ("facade", {"version": "facade"}),
        ("decaffbad", {"version": "decaffbad"}),
        (SHA, {"commit": SHA}),
        (SHA.upper(), {"commit": SHA}),
        ("5e" * 32, {"commit": "5e" * 32}),
        (DIGEST, {"digest": DIGEST}),
        (f"commit:{SHA}", {"commit": SHA}),
        (f"digest:{DIGEST}", {"digest": DIGEST}),
        ("version:3f2a9c1", {"version": "3f2a9c1"}),
        ("Version:38", {"version": "38"}),
    ],
)
def test_a_word_names_a_release(word: str, named: dict[str, str]) -> None:
    assert read(word) == Change("ranker", **named, kind=ChangeKind.BUG_FIX, ticket="ML-12")


@pytest.mark.parametrize(
    "word",
    [
        "3f2a9c1",
        SHA[:-1],
        "commit:38",
        "digest:38",
        f"digest:{DIGEST[:-1]}",
        DIGEST[:-1],
        "SHA512:38",
        "version:",
        "v" * (MAX_VERSION + 1),
        "",
    ],
)
def test_a_piece_of_a_release_is_refused_with_an_example(word: str) -> None:
    with pytest.raises(UserError) as caught:
        read(word)
    assert "/override ranker" in caught.value.example


@pytest.mark.parametrize(
    "change",
    [
        Change("ranker", "38"),
        Change("ranker", commit="3f2a9c1d0b" * 4),
        Change("ranker", digest="sha256:" + "0123456789abcdef" * 4),
        Change("ranker", "3f2a9c1d0"),
        Change("ranker", "3f2a9c1d0b" * 4),
        Change("ranker", "commit:x"),
    ],
)
def test_what_is_typed_for_a_release_is_read_as_that_release(change: Change) -> None:
    assert read_release("ranker", typed(change), change.kind) == change


@pytest.mark.parametrize("version", ["38 rc 1", "a`b", "<!channel>", "a\u00a0b", ""])
def test_no_word_is_offered_that_would_be_read_as_something_else(version: str) -> None:
    assert typed(Change("ranker", version)) == ""


def test_what_was_left_open_is_as_the_release_that_came_names_it() -> None:
    granted = Change("ranker", "38", kind=ChangeKind.BUG_FIX, ticket="ML-1")
    came = Change("ranker", "39", commit="a" * 40, digest="sha256:1")
    assert granted.told_by(came) == replace(granted, commit="a" * 40, digest="sha256:1")
    assert Change("ranker", commit="b" * 40).told_by(came) == Change(
        "ranker", "39", "b" * 40, "sha256:1"
    )
