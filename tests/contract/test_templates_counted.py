"""Every template against the real Prometheus: it finds its server's series, and counts them."""

import re
from collections.abc import Iterator
from fractions import Fraction

import pytest

from bot.spec.matching import Plain
from bot.spec.shipped import SCALES, Template, templates
from tests.builders import MINUTE, NOON
from tests.prometheus import PrometheusServer, fill
from tests.sought import read

pytestmark = pytest.mark.prometheus

EACH = 10
"""What every series grows by in a minute."""
LIMITS = {"latency": "atMost: 250ms", "mean": "atMost: 250ms", "throughput": "atLeast: 20"}
USABLE = [one for one in templates().values() if one.form != "refused"]
Series = tuple[str, tuple[tuple[str, str], ...]]


def matching(pattern: str) -> list[str]:
    """Values that the patterns of the templates are meant for."""
    values = {"5..": ["500", "503", "5xx"], "2..": ["200"], "/v1/.*": ["/v1/completions"]}
    values[".*/infer"] = ["/v2/models/{model_name}/infer"]
    return [value for one in pattern.split("|") for value in values.get(one, [one])]


def series_of(template: Template, selector: Plain) -> Iterator[Series]:
    """Series as the server has them: of our model and of another one."""
    fixed = {label: matching(value) for label, _, value in selector.matchers}
    known = {} if selector.name in template.unlabelled else template.parameters
    model = next((one.label for one in known if one.required), None)
    for name in ("ranker", "other") if model else ("",):
        for label, values in fixed.items() or [("", [""])]:
            for value in values:
                rest = {key: some[0] for key, some in fixed.items()}
                labels = {**rest, label: value, **({model: name} if model else {})}
                yield selector.name, tuple(sorted((k, v) for k, v in labels.items() if k))


def everything() -> set[Series]:
    found: set[Series] = set()
    for template in USABLE:
        for part, selectors in template.parts.items():
            for selector in selectors:
                for name, labels in series_of(template, selector):
                    if part != "histogram":
                        found.add((name, labels))
                        continue
                    found.add((f"{name}_count", labels))
                    scale = {"s": "0.25", "ms": "250", "us": "250000"}[template.scale]
                    found.add((f"{name}_bucket", (*labels, ("le", scale))))
    return found


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    data = tmp_path_factory.mktemp("templates") / "data"
    lines = [
        f"{name}{{{','.join(f'{label}=%s' % quoted(value) for label, value in labels)}}} "
        f"{EACH * minute} {NOON + minute * MINUTE}"
        for name, labels in sorted(everything())
        for minute in range(11)
    ]
    fill(lines, data)
    with PrometheusServer(data) as running:
        yield running.url


def quoted(value: str) -> str:
    return f'"{value}"'


def grown(template: Template, selectors: tuple[Plain, ...], suffix: str = "") -> int:
    """What the series that belong to our model grow by in a minute."""
    mine = {
        one
        for selector in selectors
        for one in everything()
        if one[0] == selector.name + suffix and belongs(template, selector, dict(one[1]))
    }
    return EACH * len(mine)


def belongs(template: Template, selector: Plain, labels: dict[str, str]) -> bool:
    plain = all(
        re.fullmatch(value, labels.get(label, "")) if op == "=~" else labels.get(label) == value
        for label, op, value in selector.matchers
    )
    if selector.name in template.unlabelled:
        return plain
    wanted = [one.label for one in template.parameters if one.required]
    return plain and all(labels.get(label) == "ranker" for label in wanted)


@pytest.mark.parametrize("template", USABLE, ids=lambda one: one.name)
def test_a_template_counts_the_series_of_its_model_and_no_others(
    url: str, template: Template
) -> None:
    parts = [f"template: {template.name}"]
    parts += [f"{one.name}: ranker" for one in template.parameters if one.required]
    parts += [LIMITS[template.form]] if template.form in LIMITS else []
    start = NOON + 6 * MINUTE
    reading = read(url, ", ".join(parts), start, start + 180)
    assert reading.fault is None
    assert {(s.eligible, s.bad) for s in reading.slices} == {expected(template)}


def expected(template: Template) -> tuple[float, float]:
    if template.form == "counts":
        return grown(template, template.parts["total"]), grown(template, template.parts["bad"])
    if template.form == "latency":
        total = grown(template, template.parts["histogram"], "_count")
        return total, total - grown(template, template.parts["histogram"], "_bucket")
    if template.form == "mean":
        total, count = (grown(template, template.parts[part]) for part in ("sum", "count"))
        return 1.0, float(total > count * Fraction(1, 4) * SCALES[template.scale])
    shed = grown(template, template.parts["shed"])
    served = grown(template, template.parts["served"])
    return 1.0, float(shed > 0 and served < 20 * MINUTE)
