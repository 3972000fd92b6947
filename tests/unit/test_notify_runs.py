"""A run is named where it is one; a release that asked by itself goes by whose word that is."""

import pytest

from tests.unit.rendered import RENDERER, read
from tests.unit.samples.gate import STOPPED
from tests.unit.samples.override import USED


@pytest.mark.parametrize(
    ("used_by", "said"),
    [
        ("release:v40:1 by token:demo", ", by the token demo."),
        ("release:v40:1 by terminal:ada", ", by ada in the terminal."),
        ("github:123:1 by token:ci", ", by run github:123:1, with the token ci."),
        ("github:123:1", ", by run github:123:1."),
        ("release:v40:1", ", by whoever asked the gate."),
    ],
)
def test_who_has_used_an_override_is_said_in_words_of_people(used_by: str, said: str) -> None:
    shown = read(RENDERER.message("override", {**USED, "used_by": used_by}))
    assert said in shown
    assert "release:" not in shown


def test_a_stopped_release_that_is_its_own_run_names_no_run() -> None:
    shown = read(RENDERER.message("release_stopped", {**STOPPED, "run": "release:v41:1"}))
    assert "run release" not in shown
    assert f"Decision {STOPPED['decision']}" in shown


def test_the_kind_of_a_change_says_that_it_is_one() -> None:
    assert "kind of change: bug-fix" in read(
        RENDERER.message("release_stopped", {**STOPPED, "kind": "bug-fix"})
    )
    assert "kind of change" not in read(
        RENDERER.message("release_stopped", {**STOPPED, "kind": "other"})
    )
    assert "kind of change: bug-fix" in read(
        RENDERER.message("override", {**USED, "kind": "bug-fix"})
    )
