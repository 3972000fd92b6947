"""Policies that are tried stand in place of others, and are held to the same rules."""

from pathlib import Path

import pytest

from bot.decide.catalog import Catalog
from bot.decide.policy import Then
from bot.errors import SpecError
from bot.spec import load, load_texts
from bot.spec.tried import Tried
from tests.unit.specs.kit import KINDS, SOURCE, document, slo

PRESENT = "---\n".join(
    [
        SOURCE,
        slo(),
        slo(service="speller"),
        document("BudgetPolicy", "org", "{default: true, resolveAfter: 5m}"),
        document("BudgetPolicy", "own", "{services: [ranker], onPage: caution}"),
    ]
)


def tried(*policies: str, everywhere: str = "") -> Catalog:
    """The specs with these policies instead."""
    texts = {"new.yaml": "---\n".join(policies)} if policies else {}
    return load_texts({"a.yaml": PRESENT}, source_kinds=KINDS, tried=Tried(texts, everywhere))


def names(catalog: Catalog) -> list[str]:
    return [one.policy for one in catalog.objectives]


def test_without_anything_to_try_the_specs_stay_what_they_are() -> None:
    assert names(tried()) == ["org → own", "org"]


def test_a_policy_of_the_same_name_is_taken_instead() -> None:
    found = tried(document("BudgetPolicy", "own", "{services: [ranker], onPage: hold}"))
    assert names(found) == ["org → own", "org"]
    policy = found.policies["org → own"]
    assert (policy.on_page, policy.resolve_after) == (Then.HOLD, 300)


def test_a_default_policy_is_taken_instead_of_the_default_one() -> None:
    found = tried(document("BudgetPolicy", "new", "{default: true, onTicket: hold}"))
    assert names(found) == ["new → own", "new"]
    assert found.policies["new"].resolve_after == 600, "nothing is left of the other"


def test_another_policy_is_added() -> None:
    found = tried(document("BudgetPolicy", "more", "{services: [speller]}"))
    assert names(found) == ["org → own", "org → more"]


def test_a_policy_may_be_tried_as_the_nearest_of_every_service() -> None:
    found = tried(everywhere="own")
    assert names(found) == ["org → own", "org → own"]
    assert {one.policy for one in found.services.values()} == {"org → own"}


def test_a_policy_that_is_not_there_cannot_be_tried() -> None:
    with pytest.raises(SpecError, match=r"There is no BudgetPolicy `orgs`. Did you mean `org`\?"):
        tried(everywhere="orgs")


def test_what_is_tried_has_its_faults_told_with_their_place() -> None:
    with pytest.raises(SpecError) as caught:
        tried(document("BudgetPolicy", "own", "{services: [ranker], onPage: hodl}"), slo("more"))
    told = [(fault.where, fault.problem) for fault in caught.value.faults]
    assert told == [
        ("new.yaml:4", "`hodl` is none of the words for this."),
        ("new.yaml:8", "Only a BudgetPolicy can be tried, not the kind SLO."),
    ]


def test_a_file_is_read_beside_the_folder_or_out_of_it(tmp_path: Path) -> None:
    specs = tmp_path / "slos"
    specs.mkdir()
    (specs / "a.yaml").write_text(PRESENT)
    strict = document("BudgetPolicy", "own", "{services: [ranker], onPage: freeze}")
    beside = tmp_path / "new.yaml"
    beside.write_text(strict)
    (specs / "within.yaml").write_text(document("BudgetPolicy", "other", "{services: [speller]}"))
    for file in (beside, specs / "within.yaml"):
        assert load(specs, source_kinds=KINDS, policies=file).objectives
    found = load(specs, source_kinds=KINDS, policies=beside)
    assert found.policies["org → own"].on_page is Then.FREEZE
    with pytest.raises(SpecError, match="There is no such file"):
        load(specs, source_kinds=KINDS, policies=tmp_path / "none.yaml")
