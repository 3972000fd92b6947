"""A fleet too large for one message, as signed requests through Bolt: worst first, pages, filters,
and what does not fit is said."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.playground.model import Message
from bot.playground.seed import OPS_CHANNEL, SCIENTIST
from tests.door import Door, door
from tests.e2e.slack import actions, tells, words
from tests.team import ONCALL_GROUP, TEAM_CHANNEL

WHO = SCIENTIST.id
MODELS = [f"m{number:02d}" for number in range(20)]
"""The higher the number, the less is left; of the last nothing is known."""
WIDE = "eu:wide"
"""A service with many objectives, the last of them spent, and a colon in its name."""
KINDS = 15
TEAMS = [f"t{number:03d}" for number in range(103)]


def slo(service: str, name: str) -> str:
    return f"""---
apiVersion: openslo/v1
kind: SLO
metadata: {{name: {name}}}
spec:
  service: {service}
  indicator:
    metadata: {{name: {name}}}
    spec:
      ratioMetric:
        counter: false
        bad: {{metricSource: {{metricSourceRef: more}}}}
        total: {{metricSource: {{metricSourceRef: more}}}}
  timeWindow: [{{duration: 28d, isRolling: true}}]
  budgetingMethod: Occurrences
  objectives: [{{target: 0.99}}]
"""


def fleet(folder: Path) -> None:
    """Beside the ranker of team search: twenty models of team ads, and a wide one of nobody."""
    folder.mkdir(parents=True)
    now = int(time.time()) // 60 * 60
    lines = []
    for minute in range(-60, 30):
        at = f"{datetime.fromtimestamp(now + 60 * minute, UTC):%FT%TZ}"
        lines += [f"{at},{name}/errors,1000,{n / 10}" for n, name in enumerate(MODELS[:-1])]
        lines += [f"{at},{WIDE}/o{n:02d},1000,{n / 10}" for n in range(KINDS - 1)]
        lines += [f"{at},{WIDE}/o{KINDS - 1},1000,{500 if minute > -10 else 0}"]
    (folder / "more.csv").write_text("\n".join(["time,objective,eligible,bad", *lines, ""]))
    services = [*MODELS, f'"{WIDE}"']
    parts = [
        "apiVersion: openslo/v1\nkind: DataSource\nmetadata: {name: more}\n"
        "spec: {type: csv, connectionDetails: {path: more.csv, step: 1m}}\n",
        *(
            f"---\napiVersion: openslo/v1\nkind: Service\nmetadata: {{name: {name}}}\nspec: {{}}\n"
            for name in services
        ),
        *(
            "---\napiVersion: burnban/v1\nkind: Team\n"
            f"metadata: {{name: {team}}}\nspec:\n  channel: '#{TEAM_CHANNEL.name}'\n"
            f"  onCall: {{usergroup: {ONCALL_GROUP.id}}}\n  services: [{', '.join(names)}]\n"
            for team, names in {"ads": MODELS, **dict.fromkeys(TEAMS, ())}.items()
        ),
        *(slo(name, "errors") for name in MODELS),
        *(slo(f'"{WIDE}"', f"o{n:02d}") for n in range(KINDS)),
    ]
    (folder / "more.yaml").write_text("".join(parts))


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    folder = tmp_path_factory.mktemp("fleet")
    fleet(folder / "slos")
    with door(folder) as found:
        yield found


def shown(house: Door) -> Message:
    return house.slack.space.ephemerals(WHO)[-1]


def table(message: Message) -> list[str]:
    """The services of the rows, from top to bottom."""
    fences = "".join(words(message).split("```")[1::2])
    rows = [line for line in fences.splitlines() if " · " in line]
    return [line.partition(" · ")[0].split()[-1] for line in rows if "service · " not in line]


def asked(house: Door, line: str) -> Message:
    house.slack.command(WHO, line)
    return shown(house)


def clicked(house: Door, action: str, value: str | None = None) -> Message:
    there = shown(house)
    assert house.slack.sender.click(WHO, there.channel, there.ts, action, value=value).ok
    house.settle()
    return shown(house)


def test_the_table_begins_with_the_worst_and_turns_its_pages(house: Door) -> None:
    first = asked(house, "/budget status ads")
    assert table(first) == ["m19", *reversed(MODELS[5:19])]
    tells(words(first), "worst first")
    tells(words(first), "page 1 of 2")
    assert "page_back" not in actions(first)
    second = clicked(house, "page")
    assert table(second) == list(reversed(MODELS[:5]))
    tells(words(second), "page 2 of 2")
    assert "page" not in actions(second)
    assert table(clicked(house, "page_back")) == table(first)


def test_a_filter_leaves_the_rest_out_and_its_pages_keep_it(house: Door) -> None:
    everything = asked(house, "/budget status")
    assert table(everything)[:4] == [WIDE, "ranker", "m19", "m18"]
    tells(words(everything), "page 1 of 3")
    assert table(clicked(house, "filter", "search")) == ["ranker"]
    ads = clicked(house, "filter", "ads")
    assert table(ads)[0] == "m19"
    assert set(table(clicked(house, "page"))) == set(MODELS[:5])
    assert table(clicked(house, "filter", "all")) == table(everything)


def test_the_filter_offers_every_team(house: Door) -> None:
    offered = words(asked(house, "/budget status"))
    assert all(f"Team {name}" in offered for name in ("ads", "search", *TEAMS))


def test_objectives_beyond_the_twelfth_are_counted_with_the_way_to_see_them(house: Door) -> None:
    told = words(asked(house, f"/budget show {WIDE}"))
    tells(told, f"there are {KINDS - 12} more: `/budget status {WIDE}`")
    assert "*o14*" in told
    assert "*o02*" not in told
    assert table(asked(house, f"/budget status {WIDE}")) == [WIDE] * KINDS
    assert "more:" not in words(asked(house, "/budget show m03"))


def test_the_freeze_form_offers_every_team_and_fills_in_a_name_with_a_colon(house: Door) -> None:
    (warning,) = house.slack.heads(f"{WIDE}: the budget of", OPS_CHANNEL.id)
    assert house.slack.sender.click(WHO, warning.channel, warning.ts, "ask_freeze").ok
    house.settle()
    view = house.slack.space.modals.top(WHO)
    assert view is not None
    scope = next(b for b in view.content["blocks"] if b["block_id"] == "scope")["element"]
    groups = scope["option_groups"]
    options = [(one["text"]["text"], one["value"]) for group in groups for one in group["options"]]
    assert {(name, f"team:{name}") for name in ("ads", "search", *TEAMS)} <= set(options)
    filled = scope["initial_option"]
    assert (filled["text"]["text"], filled["value"]) == (WIDE, f"service:{WIDE}")
