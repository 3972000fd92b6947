"""The examples in the documentation are true."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.calendar import Almanac
from bot.spec import load_texts
from bot.spec.printed import row
from bot.spec.shipped import templates

PAGE = Path(__file__).parents[2] / "docs" / "specs.md"


EXAMPLES = re.findall(r"```yaml\n(.+?)```", PAGE.read_text(), re.DOTALL)


def test_the_first_example_loads_as_it_stands() -> None:
    found = load_texts({"example.yaml": EXAMPLES[0]}, source_kinds=("prometheus", "csv", "push"))
    assert [one.id for one in found.objectives] == ["ranker/availability", "ranker/latency"]
    assert {one.policy for one in found.objectives} == {"standard"}
    assert found.services["ranker"].team == "ranking"
    assert found.services["ranker"].model == "ranker-xl"


def test_all_examples_load_together() -> None:
    texts = {f"{number}.yaml": example for number, example in enumerate(EXAMPLES)}
    found = load_texts(texts, source_kinds=("prometheus", "csv", "push"))
    assert [str(rota) for rota in found.teams["search"].on_call.rotas] == [
        "PagerDuty schedule P0123AB"
    ]
    assert found.same_person("terminal:mira", "email:mira@example.com")


def test_the_policy_for_one_service_inherits_from_the_default_one() -> None:
    texts = {f"{number}.yaml": example for number, example in enumerate(EXAMPLES)}
    found = load_texts(texts, source_kinds=("prometheus", "csv", "push"))
    asked = [one for one in found.objectives if not one.feeds]
    assert {one.policy for one in asked} == {"standard → graduated"}
    policy = found.policies["standard → graduated"]
    assert [str(mark.then) for mark in policy.thresholds] == ["caution", "hold", "freeze"]
    assert policy.alerts is not None


def test_the_schedule_of_the_documentation_freezes_when_it_says() -> None:
    texts = {f"{number}.yaml": example for number, example in enumerate(EXAMPLES)}
    quiet = load_texts(texts, source_kinds=("prometheus", "csv", "push")).schedules["quiet-times"]
    since = datetime(2026, 12, 10, tzinfo=UTC)
    found = Almanac().occurrences(quiet, since, since + timedelta(days=12))
    assert [(f"{one.start:%a %d %H:%M}", f"{one.end:%a %d %H:%M}") for one in found] == [
        ("Fri 11 17:00", "Mon 14 07:00"),
        ("Fri 18 17:00", "Mon 21 07:00"),
        ("Sat 19 17:00", "Mon 04 07:00"),
    ]


def test_the_table_of_templates_says_what_their_files_say() -> None:
    rows = [line for line in PAGE.read_text().splitlines() if re.match(r"\| `[a-z]+/", line)]
    assert rows == [row(template) for template in templates().values()]


def test_policies_in_the_manual_of_models_can_be_pasted_as_they_stand() -> None:
    manual = (PAGE.parent / "models.md").read_text()
    examples = re.findall(r"```yaml\n(.+?)```", manual, re.DOTALL)
    assert len(examples) == 2
    for example in examples:
        texts = {"first.yaml": EXAMPLES[0], "policy.yaml": example}
        found = load_texts(texts, source_kinds=("prometheus", "csv", "push"))
        assert {one.policy for one in found.objectives} == {"standard → careful"}
