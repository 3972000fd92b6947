"""What a host is told of what waits there."""

from datetime import UTC, datetime, timedelta
from typing import Any

from bot.decide.waiting import (
    LONGEST_COMMENT,
    MOST_REPORTS,
    STALE,
    Move,
    Waiting,
    check_of,
    next_step,
    to_be_told,
)

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def said(service: str = "ranker", freeze: str | None = "12", **more: Any) -> dict[str, Any]:
    stops = {"outcome": "deny", "freeze_id": freeze, "message": "frozen"}
    reasons = [{"code": "MANUAL_FREEZE", **stops}]
    return {
        "service": service,
        "release": "abc",
        "allowed": False,
        "outcome": "deny",
        "sentence": f"{service} abc may not go: frozen by 12",
        "reasons": reasons,
        "override_id": None,
        "next_open": None,
        "decision_id": "7",
        **more,
    }


def goes(service: str = "ranker", **more: Any) -> dict[str, Any]:
    facts = {"allowed": True, "outcome": "allow", "sentence": f"{service} abc may go"}
    return said(service, None, **{**facts, **more})


def test_a_deployment_goes_when_everything_that_it_releases_goes() -> None:
    step = next_step([goes(), goes("recs", override_id="4")], Waiting())
    assert step.move is Move.APPROVE
    assert "Decision 7" in step.comment
    assert "Override 4 was used" in step.comment


def test_one_service_that_may_not_go_holds_the_deployment() -> None:
    step = next_step([goes(), said("recs")], Waiting())
    assert step.move is Move.REPORT
    assert "recs abc may not go" in step.comment
    assert "ranker abc" not in step.comment
    assert "/override recs abc" in step.comment


def test_what_releases_nothing_known_waits() -> None:
    step = next_step([], Waiting())
    assert (step.move, step.mark) == (Move.REPORT, "nothing")


def test_an_approval_without_a_row_in_the_history_names_none() -> None:
    assert "Decision" not in next_step([goes(decision_id=None)], Waiting()).comment


def test_the_same_reasons_are_told_once_and_new_ones_again() -> None:
    first = next_step([said()], Waiting())
    again = next_step([said()], Waiting(first.mark, 1))
    other = next_step([said(freeze="13")], Waiting(first.mark, 1))
    assert (again.move, again.mark) == (Move.WAIT, first.mark)
    assert other.move is Move.REPORT


def test_a_reason_that_stops_nothing_is_not_told_anew() -> None:
    burning = {"code": "BUDGET_BURNING", "outcome": "warn", "freeze_id": None, "message": "x"}
    first = next_step([said()], Waiting())
    again = next_step([said(reasons=[*said()["reasons"], burning])], Waiting(first.mark, 1))
    assert again.move is Move.WAIT


def test_there_are_no_more_reports_than_the_host_takes_and_the_last_says_so() -> None:
    last = next_step([said()], Waiting("other", MOST_REPORTS - 1))
    assert last.move is Move.REPORT
    assert "goes on in Slack" in last.comment
    assert next_step([said()], Waiting("other", MOST_REPORTS)).move is Move.WAIT
    assert next_step([goes()], Waiting("other", MOST_REPORTS)).move is Move.APPROVE


def test_a_comment_is_cut_to_what_the_host_takes() -> None:
    step = next_step([said(sentence="x" * 5_000, next_open="2026-03-03T00:00:00+00:00")], Waiting())
    assert len(step.comment) <= LONGEST_COMMENT
    assert step.comment.endswith("goes on by itself.")


def test_a_wait_for_data_names_no_override_and_an_end_that_is_known_is_told() -> None:
    step = next_step([said(freeze=None, next_open="2026-03-03T00:00:00+00:00")], Waiting())
    assert "/override" not in step.comment
    assert "Opens at 2026-03-03" in step.comment


def test_no_mention_is_smuggled_into_a_comment_or_a_check() -> None:
    step = next_step([said(sentence="frozen: ask @everyone")], Waiting())
    assert "@everyone" not in step.comment
    check = check_of([{"closed": True, "service": "ranker", "reason": "ask @everyone"}])
    assert "@everyone" not in check.summary


def test_a_check_is_passed_while_nothing_is_closed() -> None:
    check = check_of([{"closed": False, "service": "ranker"}])
    assert check.open
    assert check.mark == "open"


def test_a_check_waits_while_one_service_is_closed_and_says_until_when() -> None:
    shut = {"closed": True, "service": "recs", "reason": "frozen", "nextOpen": "noon"}
    check = check_of([{"closed": False, "service": "ranker"}, shut])
    assert not check.open
    assert check.title == "Releases of recs are stopped"
    assert "**recs**: frozen. Opens at noon." in check.summary


def test_a_check_is_told_when_it_changes_and_before_the_host_calls_it_stale() -> None:
    shut = check_of([{"closed": True, "service": "recs", "reason": "frozen"}])
    assert to_be_told(shut, "open", NOW, NOW)
    assert not to_be_told(shut, shut.mark, NOW, NOW + STALE - timedelta(seconds=1))
    assert to_be_told(shut, shut.mark, NOW, NOW + STALE)
    assert not to_be_told(shut, shut.mark, None, NOW)
    green = check_of([{"closed": False, "service": "recs"}])
    assert not to_be_told(green, green.mark, NOW, NOW + 2 * STALE)


def test_a_check_passed_by_an_override_names_it_and_is_told_apart_from_an_open_one() -> None:
    free = {"closed": False, "service": "recs"}
    let = {"closed": False, "service": "ranker", "reason": "frozen by @ada", "override": 12}
    check = check_of([free, let, let | {"service": "both"}])
    assert check.open
    assert check.title == "Override 12 lets this commit through"
    assert "**ranker**: frozen by @\u200bada. Override 12" in check.summary
    assert check.mark == "open:ranker:12;both:12"
    assert to_be_told(check, "open", NOW, NOW)


def test_where_no_end_is_certain_the_expected_one_is_said_to_be_a_forecast() -> None:
    step = next_step([said(expected_open="2026-03-09T14:00:00+00:00")], Waiting())
    assert "Opens about 2026-03-09T14:00:00+00:00 if nothing new happens: a forecast." in str(step)
    certain = said(next_open="2026-03-03T00:00:00+00:00", expected_open="2026-03-09T14:00:00+00:00")
    assert "a forecast" not in str(next_step([certain], Waiting()))
