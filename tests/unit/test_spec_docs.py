"""The example in the documentation is true."""

import re
from pathlib import Path

from bot.spec import load_texts

PAGE = Path(__file__).parents[2] / "docs" / "specs.md"


def test_the_example_loads_as_it_stands() -> None:
    (example,) = re.findall(r"```yaml\n(.+?)```", PAGE.read_text(), re.DOTALL)
    found = load_texts({"example.yaml": example}, source_kinds=("prometheus", "csv"))
    assert [one.id for one in found.objectives] == ["ranker/availability", "ranker/latency"]
    assert {one.policy for one in found.objectives} == {"standard"}
    assert found.services["ranker"].team == "ranking"
    assert found.services["ranker"].model == "ranker-xl"
