"""DataSources that are fetched from, as users write them."""

import re
from pathlib import Path

import pytest

from bot.decide.catalog import SourceSpec
from bot.errors import Fault
from bot.measure import check_indicator
from bot.spec import load_texts
from tests.unit.specs import kit
from tests.unit.specs.kit import document, faults, objective, slo

SELECT = 'SELECT * FROM labels WHERE "end" > :since AND "end" <= :until'


@pytest.fixture(autouse=True)
def _served(monkeypatch: pytest.MonkeyPatch) -> None:
    kinds = ("prometheus", "csv", "push", "sql", "nannyml", "evidently", "mlflow")
    monkeypatch.setattr("tests.unit.specs.kit.KINDS", kinds)


def warehouse(details: str, kind: str = "sql") -> str:
    return document("DataSource", "labels", f"{{type: {kind}, connectionDetails: {{{details}}}}}")


def sql(query: str, rest: str = "") -> str:
    return warehouse(f"urlEnv: MY_URL, feeds: {{labels: {{query: '{query}'}}}}{rest}")


def nannyml(feed: str) -> str:
    return warehouse(f"urlEnv: MY_URL, timeZone: UTC, feeds: {{f: {{{feed}}}}}", "nannyml")


def evidently(feed: str, place: str = "path: results") -> str:
    return warehouse(f"{place}, feeds: {{f: {{{feed}}}}}", "evidently")


def mlflow(feed: str) -> str:
    return warehouse(f'url: "http://mlflow:5000", feeds: {{f: {{{feed}}}}}', "mlflow")


def read(text: str) -> SourceSpec:
    """The DataSource, as the objective that uses it has it."""
    use = slo(name="quality").replace(
        "indicatorRef: errors", "indicator: {counted: {feed: labels}}"
    )
    found = objective(text, use)
    assert found.source == "labels"
    return source_of(text)


def source_of(text: str) -> SourceSpec:
    found = load_texts({"labels.yaml": text}, source_kinds=kit.KINDS)
    return found.sources["labels"]


def problems(text: str) -> list[tuple[str, str]]:
    return [(one.problem, one.remedy) for one in faults(text)]


def test_a_warehouse_has_a_statement_for_each_feed() -> None:
    found = read(sql(f"{SELECT};", ", timeZone: UTC, timeout: 5s, maxRows: 50, step: 1d"))
    assert found.fed
    assert found.details == {
        "urlEnv": "MY_URL",
        "timeZone": "UTC",
        "timeout": 5,
        "maxRows": 50,
        "step": 86_400,
        "delay": 0,
        "versions": "any",
        "feeds": {"labels": {"query": SELECT}},
    }


@pytest.mark.parametrize(
    "query",
    [
        "WITH x AS (SELECT 1) SELECT * FROM x WHERE t > :since_epoch AND t <= :until_epoch",
        "/* labels; all */ SELECT a::text FROM x WHERE t > :since AND t <= :until -- ; end",
    ],
)
def test_any_one_statement_that_reads_will_do(query: str) -> None:
    assert problems(sql(query)) == []


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("DELETE FROM x WHERE t > :since AND t <= :until", "DELETE is no SELECT"),
        ('COPY x TO PROGRAM "rm"', "This is no SELECT"),
        (f"{SELECT}; DROP TABLE x", "These are 2 statements."),
        ("-- nothing", "These are 0 statements."),
        ("SELECT * FROM x WHERE t <= :until", "The statement has no `:since`"),
        ("SELECT * FROM x WHERE t > :since_epoch", "The statement has no `:until`"),
        (f"{SELECT} AND model = :model", "Nothing is known of the value `:model`."),
        (f"{SELECT} {'x' * 20_000}", "The statement is longer than 20,000 characters."),
    ],
)
def test_a_statement_that_does_not_only_read_a_stretch_of_time_is_refused(
    query: str, problem: str
) -> None:
    (found,) = faults(sql(query))
    assert found.problem.startswith(problem)
    assert found.path == "spec.connectionDetails.feeds.labels.query"


def test_a_secret_in_clear_is_told_where_it_belongs() -> None:
    found = problems(warehouse(f"connectionString: x, feeds: {{a: {{query: '{SELECT}'}}}}"))
    assert (
        "`connectionString` would stand here in clear text.",
        "Name an environment variable: urlEnv: WAREHOUSE_URL.",
    ) in found
    assert any("`urlEnv` is missing" in problem for problem, _ in found)


def test_the_url_of_our_own_database_is_not_sent_anywhere() -> None:
    text = sql(SELECT).replace("MY_URL", "DATABASE_URL")
    ((problem, _),) = problems(text)
    assert problem == "DATABASE_URL is a setting of Burnban itself, and is not sent to a source."


@pytest.mark.parametrize(
    ("text", "details"),
    [
        (
            nannyml("table: drift, metric: jensen_shannon, column: age, n: 5000, threshold: 0.1"),
            {
                "table": "drift",
                "metric": "jensen_shannon",
                "column": "age",
                "n": 5000.0,
                "threshold": 0.1,
            },
        ),
        (
            nannyml("table: cbpe, metric: accuracy, n: 500, version: canary"),
            {"table": "cbpe", "metric": "accuracy", "n": 500.0, "version": "canary"},
        ),
        (
            evidently("metric: ValueDrift, column: age, every: 1d, params: {method: psi}"),
            {"metric": "ValueDrift", "every": 86_400, "column": "age", "params": {"method": "psi"}},
        ),
        (
            evidently("metric: F, every: 1h, n: 5, version: {metadata: v}", 'url: "http://e:1/x"'),
            {"metric": "F", "every": 3_600, "n": 5.0, "version": {"metadata": "v"}},
        ),
        (
            mlflow("experiment: e, metric: auc, n: {tag: rows}, every: 1d, history: true"),
            {
                "experiment": "e",
                "metric": "auc",
                "n": {"tag": "rows"},
                "every": 86_400,
                "history": True,
            },
        ),
        (
            mlflow("experiment: e, metric: auc, n: 500, every: 1d, version: {tag: v}"),
            {
                "experiment": "e",
                "metric": "auc",
                "n": {"fixed": 500.0},
                "every": 86_400,
                "version": {"tag": "v"},
            },
        ),
    ],
)
def test_what_a_tool_found_is_named_feed_by_feed(text: str, details: dict[str, object]) -> None:
    assert source_of(text).details["feeds"] == {"f": details}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (nannyml("table: realized, n: 5"), "The field `metric` is missing."),
        (nannyml("table: drift, metric: psi, n: 5"), "The field `column` is missing."),
        (nannyml("table: other, metric: psi, n: 5"), "`other` is none of the words for this."),
        (
            nannyml("table: cbpe, metric: f1, n: 5, column: a"),
            "The table `cbpe` has no columns of features.",
        ),
        (evidently("metric: a"), "The field `every` is missing."),
        (
            evidently("metric: a, every: 1d", 'path: x, url: "http://x"'),
            "Results lie in a folder or at an address.",
        ),
        (mlflow("experiment: e, metric: a, every: 1d"), "The field `n` is missing."),
        (
            mlflow("experiment: e, metric: a, every: 1d, n: {tag: a, metric: b}"),
            "One thing belongs here.",
        ),
        (warehouse("urlEnv: A, feeds: {}"), "There is no feed here."),
        (warehouse("urlEnv: A, feeds: {'a b': {query: SELECT}}"), "`a b` is not a name."),
        (warehouse("feeds: {}", "nannyml"), "The field `timeZone` is missing."),
    ],
)
def test_what_is_missing_or_too_much_is_a_fault(text: str, problem: str) -> None:
    found: list[Fault] = faults(text)
    assert problem in [one.problem for one in found]
    assert all(one.path.startswith("spec.connectionDetails") for one in found)


@pytest.mark.parametrize(
    ("feed", "problem", "remedy"),
    [
        ("psi", "The DataSource `labels` has no feed `psi`.", "Add it to the feeds of labels."),
        ("auk", "The DataSource `labels` has no feed `auk`.", "Did you mean `auc`?"),
        (
            "cbpe",
            "`cbpe` is an estimate without labels: nothing is ever paged or frozen for one.",
            "Name one of labels or of realized scores, and show this one by `estimate: cbpe`.",
        ),
    ],
)
def test_an_objective_rests_on_a_feed_that_there_is_and_never_on_an_estimate(
    feed: str, problem: str, remedy: str
) -> None:
    tables = "auc: {table: realized, metric: roc_auc, n: 5}, cbpe: {table: cbpe, metric: f1, n: 5}"
    text = warehouse(f"urlEnv: A, timeZone: UTC, feeds: {{{tables}}}", "nannyml")
    use = (
        slo(name="quality", target="target: 0.9, timeSliceWindow: 1h")
        .replace(
            "indicatorRef: errors",
            f"indicator: {{score: {{feed: {feed}, op: gte, value: 0.8, scale: share}}}}",
        )
        .replace("budgetingMethod: Occurrences", "budgetingMethod: Timeslices")
    )
    found = faults(text, use, check=check_indicator)
    assert [(one.problem, one.remedy) for one in found] == [(problem, remedy)]


def test_the_examples_of_the_manual_load_as_they_stand() -> None:
    page = Path(__file__).parents[2] / "docs" / "quality.md"
    examples = re.findall(r"```yaml\n(.+?)```", page.read_text(), re.DOTALL)
    texts = {f"{number}.yaml": text for number, text in enumerate(examples)}
    found = load_texts(texts, source_kinds=kit.KINDS)
    assert {one.kind for one in found.sources.values()} == {
        "sql",
        "nannyml",
        "evidently",
        "mlflow",
    }
