"""Every faulty line of the files in specs/bad/ is told: file, line, field, what is wrong.

A faulty line ends with `#! path | words` for each of its faults; the test wants those faults and no
others.
"""

import re
from pathlib import Path

import pytest

from bot.errors import SpecError
from bot.spec import load_texts

HERE = Path(__file__).parent / "specs"
BASE = {"base.yaml": (HERE / "base.yaml").read_text()}
CASES = sorted((HERE / "bad").glob("*.yaml"))
MARK = re.compile(r"#! (\S.*?)? ?\| (.+?)(?= #! |$)")


def expected(name: str, text: str) -> list[tuple[str, str, str]]:
    """Where, path and words of each fault that the file announces."""
    return [
        (f"{name}:{number}", path, words.strip())
        for number, line in enumerate(text.splitlines(), 1)
        for path, words in MARK.findall(line)
    ]


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_every_announced_fault_is_told_and_no_other(case: Path) -> None:
    text = case.read_text()
    with pytest.raises(SpecError) as caught:
        load_texts(BASE | {case.name: text}, source_kinds=("prometheus", "csv"))
    told = [
        (fault.where, fault.path, f"{fault.problem} {fault.remedy}")
        for fault in caught.value.faults
    ]
    unexpected = list(told)
    missing = []
    for where, path, words in expected(case.name, text):
        hits = [fault for fault in unexpected if fault[:2] == (where, path) and words in fault[2]]
        if hits:
            unexpected.remove(hits[0])
        else:
            missing.append((where, path, words))
    assert (missing, unexpected) == ([], [])


def test_the_base_of_the_bad_cases_is_itself_sound() -> None:
    assert load_texts(BASE, source_kinds=("prometheus", "csv")).services["ranker"].team == "ranking"


def test_no_value_of_a_secret_is_repeated_in_a_fault() -> None:
    text = (HERE / "bad" / "sources.yaml").read_text()
    with pytest.raises(SpecError) as caught:
        load_texts({"sources.yaml": text}, source_kinds=("prometheus", "csv"))
    assert "canary" in text
    assert "canary" not in str(caught.value)
