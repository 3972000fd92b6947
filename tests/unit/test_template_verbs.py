"""`burnban template`."""

import pytest
import yaml
from typer.testing import CliRunner

from bot.errors import UserError
from bot.spec.shipped import templates
from bot.wiring.commands import app


def said(*words: str) -> str:
    result = CliRunner().invoke(app, ["template", *words])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.output


def test_the_list_has_every_template() -> None:
    lines = said("list").splitlines()
    assert {line.split()[0] for line in lines if line.startswith("  ")} == set(templates())


def test_one_is_shown_with_its_trap_and_what_it_stands_for() -> None:
    text = said("show", "triton/availability", "--set", "model=ranker")
    assert "Mind: An ensemble counts a failure twice" in text
    shown = yaml.safe_load(text.split("It stands for:\n")[1])
    assert shown["ratioMetric"]["bad"]["metricSource"]["spec"] == {
        "query": 'sum(nv_inference_request_failure{model="ranker"})'
    }


@pytest.mark.parametrize("name", [n for n, one in templates().items() if one.form != "refused"])
def test_what_is_not_set_stands_there_in_capitals(name: str) -> None:
    text = said("show", name).split("It stands for:\n")[1]
    required = [one for one in templates()[name].parameters if one.required]
    assert all(f'"{one.name.upper()}"' in text for one in required)


@pytest.mark.parametrize("name", [n for n, one in templates().items() if one.form == "refused"])
def test_one_that_cannot_be_had_says_why_and_what_instead(name: str) -> None:
    text = said("show", name)
    assert templates()[name].refused in text
    assert templates()[name].instead in text
    assert "It stands for" not in text


def test_a_limit_is_put_in_the_unit_of_the_server() -> None:
    text = said("show", "tfserving/latency", "--set", "model=r", "--set", "atMost=58.32ms")
    assert r'le=~"58320|58320\\.0"' in text


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("show", "triton/availabilty"), "Did you mean `triton/availability`?"),
        (("show", "triton/availability", "--set", "modle=r"), "Did you mean `model`?"),
        (("show", "triton/availability", "--set", "model"), "takes NAME=VALUE"),
        (("show", "triton/availability", "--set", "model=a\nb"), "one line"),
        (("show", "triton/throughput", "--set", "atLeast=many"), "a number above 0"),
        (("show", "kserve/latency", "--set", "atMost=0.5"), "with its unit"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_nearest(
    words: tuple[str, ...], sentence: str
) -> None:
    with pytest.raises(UserError) as refused:
        said(*words)
    assert sentence in refused.value.sentence
    assert refused.value.example
