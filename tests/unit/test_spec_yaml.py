"""Files that are not the YAML we read: one fault each, with its line, and the rest goes on."""

from time import monotonic

import pytest

from bot.errors import Fault, SpecError
from bot.spec import load_texts
from bot.spec.nodes import MAX_DEPTH, Listing, Scalar, Table, compose

SERVICE = "apiVersion: openslo/v1\nkind: Service\nmetadata: {name: a}\n"


def faults(*texts: str) -> tuple[Fault, ...]:
    named = {f"{number}.yaml": text for number, text in enumerate(texts)}
    with pytest.raises(SpecError) as caught:
        load_texts(named, source_kinds=("prometheus",))
    return caught.value.faults


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: 1\nb: &x 2\n", 2, "Anchors"),
        ("a: 1\nb: *x\n", 2, "Aliases"),
        ("a: 1\nb: !!python/name:os.system 2\n", 2, "Tags"),
        ("a:\n  b: 1\n\tc: 2\n", 3, "Indent with spaces"),
        ("a: @handle\n", 1, "put quotes around a value that begins with @"),
        ("a: b: c\n", 1, "Put quotes around a value that holds `: `"),
        ("a: [1, 2\n", 2, "This is not YAML"),
        ("a: 'open\n", 2, "This is not YAML"),
        ("? [1]\n: 2\n", 1, "where the name of a field belongs"),
        ("a: \x00\n", 1, "control characters"),
        ("a: \ud800\n", 1, "Save it as UTF-8 text."),
        ("%YAML 3.0\n---\na: 1\n", 1, "This is not YAML"),
    ],
)
def test_what_we_do_not_read_as_yaml_is_one_fault_with_its_line(
    text: str, line: int, words: str
) -> None:
    (fault,) = faults(text)
    assert fault.where == f"0.yaml:{line}"
    assert words in f"{fault.problem} {fault.remedy}"


def test_a_file_that_cannot_be_read_does_not_hide_the_faults_of_the_others() -> None:
    found = faults("a: &x 1", SERVICE.replace("metadata", "metadat"))
    assert [fault.where for fault in found] == ["0.yaml:1", "1.yaml:3"]


def test_nesting_is_read_up_to_the_limit_and_refused_beyond_it() -> None:
    deepest = "[" * MAX_DEPTH + "]" * MAX_DEPTH
    assert compose(deepest, "a.yaml")[1] == []
    (fault,) = compose(f"[{deepest}]", "a.yaml")[1]
    assert "deeper than 20 levels" in fault.problem


@pytest.mark.parametrize("text", ["[" * 500_000, "{a: " * 200_000, "- " * 300_000, "? " * 300_000])
def test_a_deep_file_is_refused_before_it_is_read(text: str) -> None:
    began = monotonic()
    (fault,) = compose(text, "a.yaml")[1]
    assert "deeper than" in fault.problem
    assert monotonic() - began < 5  # read to its end it takes minutes


def test_a_bomb_of_aliases_is_refused_at_its_first_anchor() -> None:
    levels = [f"l{i}: &l{i} [{', '.join([f'*l{i - 1}'] * 9)}]" for i in range(1, 10)]
    (fault,) = faults("\n".join(["l0: &l0 [x, x]", *levels]))
    assert fault == Fault("0.yaml:1", "", "Anchors (`&name`) are not read.", "Write the value out.")


def test_scalars_stay_text_and_know_their_line_and_their_quotes() -> None:
    nodes, wrong = compose('a: 0.9990\nb: ["007", ~]\n---\n- x\n', "a.yaml")
    assert wrong == []
    assert nodes == [
        Table(
            (
                (Scalar("a", True, 1), Scalar("0.9990", True, 1)),
                (
                    Scalar("b", True, 2),
                    Listing((Scalar("007", False, 2), Scalar("~", True, 2)), 2),
                ),
            ),
            1,
        ),
        Listing((Scalar("x", True, 4),), 4),
    ]


def test_empty_documents_are_passed_over() -> None:
    found = load_texts({"a.yaml": f"---\n---\n{SERVICE}---\n# nothing\n"}, source_kinds=())
    assert list(found.services) == ["a"]


@pytest.mark.parametrize(
    "query",
    ["(" * 3000 + "1" + ")" * 3000, "1" + "+1" * 2000, "1 or " * 3000 + "1", "a" * 5000],
)
def test_a_query_that_would_break_the_parser_is_refused_before_it(query: str) -> None:
    source = (
        "apiVersion: openslo/v1\nkind: DataSource\nmetadata: {name: p}\n"
        "spec: {type: Prometheus, connectionDetails: {url: 'http://p:9090'}}\n---\n"
    )
    sli = (
        "apiVersion: openslo/v1\nkind: SLI\nmetadata: {name: s}\nspec:\n  thresholdMetric:\n"
        f"    metricSource:\n      spec:\n        query: {query}\n"
    )
    (fault,) = faults(source + sli)
    assert fault.path == "spec.thresholdMetric.metricSource.spec.query"
    assert fault.remedy == "Move a part of it into a recording rule."


def test_brackets_and_operators_within_texts_do_not_count() -> None:
    pods = "|".join(f"pod-{number}((a))" for number in range(100))
    nodes = (
        "- apiVersion: openslo/v1\n  kind: DataSource\n  metadata: {name: p}\n"
        "  spec: {type: Prometheus, connectionDetails: {url: 'http://p:9090'}}\n"
        "- apiVersion: openslo/v1\n  kind: SLI\n  metadata: {name: s}\n  spec:\n"
        f"    thresholdMetric: {{metricSource: {{spec: {{query: 'a{{pod=~\"{pods}\"}}'}}}}}}\n"
    )
    assert load_texts({"a.yaml": nodes}, source_kinds=("prometheus",)).sources.keys() == {"p"}
