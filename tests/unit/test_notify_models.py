"""What messages about models say."""

from tests.unit.message_samples import MESSAGES
from tests.unit.rendered import RENDERER, read


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
