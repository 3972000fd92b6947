"""Which missing answers are the source's doing."""

from bot.decide.outage import cut_off


def test_a_source_that_answers_nobody_cuts_off_all_whatever_it_says() -> None:
    faults = {"a/x": "connection refused", "b/x": "timed out"}
    assert cut_off(faults, answered=False) == {"a/x", "b/x"}


def test_where_others_are_answered_only_a_shared_fault_is_the_sources() -> None:
    faults = {"a/x": "timed out", "b/x": "timed out", "c/x": "parse error"}
    assert cut_off(faults, answered=True) == {"a/x", "b/x"}


def test_a_single_one_without_an_answer_stands_for_itself() -> None:
    assert cut_off({"a/x": "connection refused"}, answered=True) == frozenset()
    assert cut_off({"a/x": "connection refused"}, answered=False) == frozenset()
    assert cut_off({}, answered=False) == frozenset()
