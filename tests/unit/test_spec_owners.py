"""Whose a service is."""

import pytest

from bot.decide.service import Service
from tests.unit.specs.kit import document, faults, read, slo, team


def test_a_service_need_not_be_declared() -> None:
    undeclared = Service("ranker", "ranker", "", policy="default")
    assert read(slo(service="ranker")).services == {"ranker": undeclared}


@pytest.mark.parametrize("slip", ["rankers", "anker", "rnker", "ranter", "rakner", "Ranker"])
def test_an_undeclared_service_one_letter_from_a_declared_one_is_a_slip(slip: str) -> None:
    (fault,) = faults(document("Service", "ranker", "{}"), slo(service=slip))
    assert fault.path == "spec.service"
    assert fault.remedy == f"Write `ranker`, or add a Service `{slip}`."


@pytest.mark.parametrize(("declared", "named"), [("ranker-v1", "ranker-v2"), ("ab", "ac")])
def test_other_digits_and_short_names_are_no_slips(declared: str, named: str) -> None:
    assert faults(document("Service", declared, "{}"), slo(service=named)) == ()


def test_an_undeclared_service_unlike_any_declared_one_is_no_fault() -> None:
    assert list(read(document("Service", "embedder", "{}"), slo()).services) == [
        "embedder",
        "ranker",
    ]


def test_without_teams_a_service_has_none() -> None:
    assert read(slo()).services["ranker"].team == ""


def test_the_only_team_owns_what_nobody_claims() -> None:
    assert read(slo(), team("ranking")).services["ranker"].team == "ranking"


def test_of_two_teams_neither_owns_what_nobody_claims() -> None:
    assert read(slo(), team("ranking"), team("search")).services["ranker"].team == ""


def test_a_team_owns_the_services_that_it_lists() -> None:
    found = read(slo(), team("ranking", rest="services: [ranker]"), team("search"))
    assert found.services["ranker"].team == "ranking"


@pytest.mark.parametrize(
    "metadata",
    [
        "labels: {burnban.dev/team: search}",
        "annotations: {burnban.dev/team: search}",
        "labels: {team: search}",
        "labels: {team: [search]}",
        "labels: {burnban.dev/team: search, team: something else}",
    ],
)
def test_a_label_or_annotation_names_the_team(metadata: str) -> None:
    teams = (team("ranking"), team("search"))
    declared = document("Service", "ranker", "{}", metadata)
    assert read(declared, *teams).services["ranker"].team == "search"
    assert read(slo(metadata=metadata), *teams).services["ranker"].team == "search"


def test_a_plain_label_that_names_no_team_is_a_fault_once_there_are_teams() -> None:
    labelled = slo(metadata="labels: {team: serach}")
    assert read(labelled).services["ranker"].team == ""
    (fault,) = faults(labelled, team("search"))
    assert fault.problem == "There is no Team `serach`."


def test_a_label_of_ours_that_names_no_team_is_a_fault_always() -> None:
    (fault,) = faults(slo(metadata="labels: {burnban.dev/team: search}"))
    assert fault.remedy == "Add one of that name."


def test_a_plain_label_with_several_values_says_nothing() -> None:
    labelled = slo(metadata="labels: {team: [a, b], env: [dev, prod]}")
    service = read(labelled, team("ranking")).services["ranker"]
    assert (service.team, service.environment) == ("ranking", "")


def test_the_service_speaks_before_its_slos() -> None:
    found = read(
        document("Service", "ranker", "{}", "labels: {environment: prod, model: xl}"),
        slo(metadata="labels: {environment: dev, model: xs}"),
    )
    assert found.services["ranker"] == Service(
        "ranker", "ranker", "", "prod", "xl", frozenset({("environment", "prod"), ("model", "xl")}),
        "default",
    )  # fmt: skip


def test_a_service_and_a_team_may_bear_one_name() -> None:
    found = read(slo(service="ranking"), team("ranking"))
    assert found.services["ranking"].team == "ranking"


def test_slos_of_two_services_may_bear_one_name() -> None:
    found = read(slo("latency", "ranker"), slo("latency", "embedder"))
    assert [one.id for one in found.objectives] == ["embedder/latency", "ranker/latency"]
