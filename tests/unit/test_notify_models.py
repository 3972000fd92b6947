"""What messages about models say."""

from tests.unit.message_samples import MESSAGES
from tests.unit.rendered import RENDERER, read
from tests.unit.samples.releases import NEW, RELEASES


def test_a_reminder_says_that_the_task_stops_no_release() -> None:
    reminders = [facts for facts in MESSAGES["retrain_news"] if facts["news"] != "closed"]
    assert reminders
    for facts in reminders:
        said = read(RENDERER.message("retrain_news", facts))
        assert "*Releases:* this task stops none" in said
        assert "*Next:*" in said


def test_late_labels_are_told_with_what_was_left_before_and_after() -> None:
    facts = MESSAGES["restated"][0] | {"before": -0.12, "after": 0.34}
    said = read(RENDERER.message("restated", facts))
    assert "34\u00a0% of the budget is left. Before they came: overspent by 12\u00a0%." in said
    unknown = read(RENDERER.message("restated", facts | {"before": None}))
    assert "Before they came: nobody knew how much." in unknown


def test_the_budget_of_all_releases_is_named_once() -> None:
    said = read(RENDERER.message("releases", RELEASES))
    assert said.count("Shares are of the budget of “Requests that succeed”.") == 1
    assert said.count("Requests that succeed") == 2, "what is nobody's names its own"


def test_a_reason_why_no_figure_is_known_is_given_once() -> None:
    said = read(RENDERER.message("releases", NEW))
    assert said.count("no release is on record in this time") == 1


def test_releases_of_several_budgets_name_each() -> None:
    other = {**RELEASES["rows"][0], "title": "Right answers"}
    said = read(RENDERER.message("releases", {**RELEASES, "rows": [*RELEASES["rows"], other]}))
    assert "Shares are of" not in said
    assert "of “Right answers” (620 of 20,000 bad)" in said
