"""Whatever a file holds, loading it gives a catalog or faults: never anything else."""

import re
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.decide.catalog import Catalog
from bot.errors import Fault, SpecError
from bot.judge.objective import Objective
from bot.spec import load_texts

HERE = Path(__file__).parent / "specs"
SOUND = {path.stem: path.read_text() for path in sorted((HERE / "valid").rglob("*.y*ml"))}
FAULTY = [path.read_text() for path in sorted((HERE / "bad").glob("*.yaml"))]
WORDS = sorted(
    {word for text in [*SOUND.values(), *FAULTY] for word in re.findall(r"[\w.%#/-]+", text)}
)
ODDITIES = [
    *("", "~", "null", "[]", "{}", "[[]]", "- ", "? ", "|", ">", "!!int 1", "&a", "*a", "<<: *a"),
    *("0", "-1", "1e99", "1e-99", ".inf", ".nan", "0x10", "1_000", "99999999999999999999", "2%"),
    *("0s", "9999999d", "1M", "\t", "\x00", "\x85", "\ufeff", "\ud800", "é", "'", '"', "\\", "#"),
    *(
        "2026-02-30",
        "9999-12-31",
        "0001-01-01",
        "2026-01-01T00:00:00+02:00",
        "%",
        "@",
        "`",
        "{",
        "]",
    ),
    *(
        "((((",
        "a[5m]",
        "{{.window}}",
        "sum(",
        "all",
        "burnban.dev/team",
        "http://[",
        "http://a:b@c",
    ),
]
PIECE = st.one_of(st.sampled_from(ODDITIES), st.sampled_from(WORDS), st.text(max_size=8))
QUIET = settings(
    max_examples=250, deadline=None, suppress_health_check=[HealthCheck.data_too_large]
)


def outcome(texts: dict[str, str]) -> Catalog | tuple[Fault, ...]:
    """A catalog, or the faults; any other exception fails the test by itself."""
    try:
        return load_texts(texts, source_kinds=("prometheus", "csv"))
    except SpecError as error:
        return error.faults


def catalog_or_faults(texts: dict[str, str]) -> None:
    found = outcome(texts)
    if isinstance(found, Catalog):
        assert all(is_sound(objective, found) for objective in found.objectives)
    else:
        assert found
        assert all(is_readable(fault) for fault in found)


def is_sound(objective: Objective, catalog: Catalog) -> bool:
    """What the ledger and the judge rely on."""
    step = objective.step
    return (
        0 < objective.target < 1
        and objective.window_seconds >= 3_600
        and (3_600 % step == 0 or step % 3_600 == 0)
        and all(0 < alert.short < alert.long for alert in objective.alerts)
        and all(alert.long <= objective.window_seconds for alert in objective.alerts)
        and objective.source in catalog.sources
        and objective.service in catalog.services
        and objective.policy in catalog.policies
    )


def is_readable(fault: Fault) -> bool:
    """A place, a problem, and neither of endless length."""
    place = re.fullmatch(r"[a-z0-9]+\.yaml(:\d+)?", fault.where)
    return place is not None and 0 < len(fault.problem) < 600 and len(fault.remedy) < 600


def fleet(**changed: str) -> dict[str, str]:
    """All the sound files, some of them changed."""
    return {f"{name}.yaml": text for name, text in (SOUND | changed).items()}


@st.composite
def words_replaced(draw: st.DrawFn) -> dict[str, str]:
    """The sound files; in one of them a few words are others, or oddities."""
    name = draw(st.sampled_from(sorted(SOUND)))
    parts = re.split(r"([\w.%#/-]+)", SOUND[name])
    for _ in range(draw(st.integers(1, 3))):
        parts[draw(st.integers(0, len(parts) // 2 - 1)) * 2 + 1] = draw(PIECE)
    return fleet(**{name: "".join(parts)})


@st.composite
def lines_moved(draw: st.DrawFn) -> dict[str, str]:
    """The sound files; in one of them, or in a faulty one, lines are cut, doubled or moved."""
    name = draw(st.sampled_from(sorted(SOUND)))
    lines = draw(st.sampled_from([SOUND[name], *FAULTY])).splitlines()
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(lines) - 1))
        line = lines.pop(at) if len(lines) > 1 else lines[at]
        for _ in range(draw(st.integers(0, 2))):
            indent = " " * draw(st.integers(0, 6))
            lines.insert(draw(st.integers(0, len(lines))), indent + line.strip())
    return fleet(**{name: "\n".join(lines)})


@QUIET
@given(words_replaced())
def test_sound_files_with_words_replaced_load_or_are_refused(texts: dict[str, str]) -> None:
    catalog_or_faults(texts)


@QUIET
@given(lines_moved())
def test_files_with_lines_moved_load_or_are_refused(texts: dict[str, str]) -> None:
    catalog_or_faults(texts)


@QUIET
@given(st.one_of(st.text(max_size=300), st.lists(PIECE, max_size=40).map(" ".join)))
def test_any_text_loads_or_is_refused(text: str) -> None:
    catalog_or_faults({"a.yaml": text})
