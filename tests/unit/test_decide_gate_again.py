"""The same question again: when it is the same decision, and when it is judged anew."""

from dataclasses import replace

from bot.decide.gate_answer import Answer, Asked, repeats
from bot.judge.burn import Severity
from bot.judge.verdict import Kind
from tests.builders import verdict
from tests.unit.gating import NOW, ask, freeze, grant, hours


def given(answer: Answer) -> Asked:
    until = answer.valid_until
    freezes = tuple(answer.freezes)
    return Asked("k", "q", answer.mark, answer.outcome, 7, freezes, "{}", NOW, until)


def test_what_was_never_asked_is_no_repeat() -> None:
    assert not repeats(None, ask(), NOW)


def test_the_same_answer_for_the_same_reasons_is_the_same_decision() -> None:
    assert repeats(given(ask(freeze())), ask(freeze()), NOW + hours(5))
    assert repeats(given(ask()), ask(), NOW + hours(5))


def test_a_freeze_that_came_since_is_a_new_decision() -> None:
    assert not repeats(given(ask()), ask(freeze()), NOW)
    assert not repeats(given(ask(freeze(1))), ask(freeze(1), freeze(2)), NOW)


def test_whoever_waits_sees_the_thaw() -> None:
    assert not repeats(given(ask(freeze())), ask(), NOW)


def test_what_goes_goes_on_while_its_answer_holds_though_the_budget_begins_to_burn() -> None:
    burns = ask(verdicts=[verdict(Kind.BURNING, fires=Severity.PAGE)])
    gone = given(ask())
    assert repeats(gone, burns, gone.valid_until - hours(0.01))
    assert not repeats(gone, burns, gone.valid_until)


def test_a_release_that_went_by_an_override_is_not_stopped_by_what_the_override_covers() -> None:
    used = given(ask(freeze(), grants=[grant(1)]))
    assert repeats(used, ask(freeze()), NOW)
    assert not repeats(used, ask(freeze(), freeze(2)), NOW)


def test_another_override_is_another_decision() -> None:
    first = ask(freeze(), grants=[grant(1)])
    other = ask(freeze(), grants=[replace(grant(1), id=6)])
    assert first.mark != other.mark
