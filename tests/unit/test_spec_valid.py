"""What sound files become."""

from datetime import datetime
from fractions import Fraction
from pathlib import Path

import pytest

from bot.decide.catalog import Catalog, Team
from bot.decide.people import Group
from bot.decide.policy import DEFAULT, Approvals, Thaw, Then, Threshold
from bot.decide.quorum import Quorum
from bot.decide.service import Service
from bot.judge.burn import GOOGLE, BurnAlert, Severity
from bot.judge.indicator import Op, Ratio, Recorded
from bot.judge.indicator import Threshold as Limit
from bot.judge.objective import Calendar, Method, Objective, Rolling, Unit
from bot.spec import load

VALID = Path(__file__).parent / "specs" / "valid"


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load(VALID, source_kinds={"prometheus", "csv"})


def objective(catalog: Catalog, called: str) -> Objective:
    return next(found for found in catalog.objectives if found.id == called)


def test_objectives_are_sorted_by_id(catalog: Catalog) -> None:
    assert [found.id for found in catalog.objectives] == [
        "embedder/availability",
        "ranker/availability",
        "ranker/latency-below-2-s",
        "ranker/latency-below-half-a-second",
        "ranker/quality",
    ]


def test_a_ratio_of_counters_in_a_rolling_window(catalog: Catalog) -> None:
    found = objective(catalog, "ranker/availability")
    assert found.target == Fraction(9995, 10_000)
    assert found.window == Rolling(28 * 86_400, "28d")
    assert found.method is Method.OCCURRENCES
    assert found.indicator == Ratio(
        total='sum(requests_total{service="ranker"})',
        bad='sum(requests_total{service="ranker",code=~"5.."})',
    )
    assert (found.source, found.step) == ("prometheus", 30)
    assert found.alerts == GOOGLE
    assert found.title == "Answers without an error"


def test_each_entry_of_objectives_is_an_objective_of_its_own(catalog: Catalog) -> None:
    fast = objective(catalog, "ranker/latency-below-half-a-second")
    slow = objective(catalog, "ranker/latency-below-2-s")
    query = "histogram_quantile(0.99, sum by (le) (rate(latency_bucket[1m])))"
    assert fast.indicator == Limit(query, Op.LT, Fraction(1, 2))
    assert slow.indicator == Limit(query, Op.LTE, Fraction(2))
    assert (fast.step, slow.step) == (60, 300)  # a bare number counts minutes
    assert (fast.target, slow.target) == (Fraction(99, 100), Fraction(999, 1000))
    assert slow.title == "Fast answers: Below 2 s"


def test_a_calendar_window_has_its_start_and_its_zone(catalog: Catalog) -> None:
    found = objective(catalog, "ranker/latency-below-2-s")
    start = datetime(2026, 1, 1)  # noqa: DTZ001 - local time of the zone beside it
    assert found.window == Calendar(1, Unit.MONTH, start, "Europe/Berlin", "1M")


def test_counts_of_a_slice_are_no_counters(catalog: Catalog) -> None:
    found = objective(catalog, "ranker/quality")
    assert found.indicator == Ratio(total="clicks", good="clicks_on_first", counter=False)
    assert (found.method, found.step) == (Method.RATIO_TIMESLICES, 3_600)
    assert found.slice_target is None


def test_recorded_counts_are_found_by_the_id_of_the_objective(catalog: Catalog) -> None:
    found = objective(catalog, "embedder/availability")
    assert found.indicator == Recorded("embedder/availability")


def test_services_take_title_team_environment_and_model_from_their_metadata(
    catalog: Catalog,
) -> None:
    assert catalog.services == {
        "ranker": Service(
            "ranker",
            "Ranker",
            "ranking",
            "prod",
            "ranker-xl",
            frozenset({("tier", "1"), ("env", "prod")}),
            "default",
        ),
        "embedder": Service("embedder", "embedder", "search", policy="strict"),
    }


def test_teams_have_a_channel_an_on_call_and_approvers(catalog: Catalog) -> None:
    assert catalog.teams["ranking"] == Team(
        "ranking",
        "Ranking",
        "#ranking-alerts",
        Group(usergroups=("S0RANKING",)),
        Group(users=("U0LEAD", "U0DEPUTY")),
    )
    assert catalog.teams["search"].on_call == Group(usergroups=("@search-oncall",))


def test_a_policy_says_what_follows(catalog: Catalog) -> None:
    found = catalog.policies["strict"]
    assert found.alerts == (
        BurnAlert(Fraction(2, 100), 3_600, 300, Severity.PAGE),
        BurnAlert(Fraction(1, 10), 259_200, 21_600, Severity.TICKET),
    )
    assert (found.on_page, found.on_ticket) == (Then.REQUEST_FREEZE, Then.WARN)
    assert found.thresholds == (
        Threshold(Fraction(1, 2), Then.WARN),
        Threshold(Fraction(1, 10), Then.FREEZE),
    )
    assert found.thaw == Thaw(Fraction(1, 5), Fraction(1, 2), 7_200)
    assert found.approvals == Approvals(freeze=Quorum.of(1), unfreeze=Quorum.of(2), expires=7_200)
    assert found.resolve_after == 300


def test_the_policy_of_a_service_gives_its_objectives_their_alerts(catalog: Catalog) -> None:
    found = objective(catalog, "embedder/availability")
    assert found.policy == "strict"
    assert found.alerts == catalog.policies["strict"].alerts
    assert catalog.policy_of(objective(catalog, "ranker/quality")) is DEFAULT


def test_details_of_a_source_are_plain_values_with_secrets_by_name(catalog: Catalog) -> None:
    found = catalog.sources["prometheus"]
    assert (found.kind, found.where) == ("prometheus", f"{VALID}/sources.yaml:5")
    assert found.details == {
        "url": "https://prometheus.example:9090",
        "step": 30,
        "delay": 0,
        "scrapeInterval": 15,
        "timeout": 20,
        "bearerTokenEnv": "PROMETHEUS_TOKEN",
        "headers": {"X-Scope-OrgID": "fleet", "X-Api-Key": {"env": "PROMETHEUS_KEY"}},
        "caFile": f"{VALID}/certificates/ca.pem",
        "maxBytes": 50_000_000,
    }


def test_files_that_a_source_names_lie_beside_the_file_that_names_them(catalog: Catalog) -> None:
    assert catalog.sources["replay"].details == {"path": f"{VALID}/replay/day.csv", "step": 60}
