"""Runs of CI systems: which may ask for which services."""

from dataclasses import replace

import pytest

from bot.decide.caller import Rights
from bot.decide.override import Run
from bot.decide.pipeline import Pipeline, PipelineRule, System, rights_by

RANKER = Rights.of(["gate:decide:ranker"])
RULE = PipelineRule("acme/ranker", RANKER, ("prod",), ("refs/heads/main",))
PIPELINE = Pipeline("actions", System.GITHUB, "https://issuer.example", "burnban", (RULE,))
CLAIMS = {
    "repository": "Acme/Ranker",
    "environment": "prod",
    "ref": "refs/heads/main",
    "run_id": "77",
    "run_attempt": "2",
    "actor": "ada",
}


def test_a_run_that_a_rule_is_about_has_its_rights() -> None:
    assert PIPELINE.rights_of(CLAIMS) == RANKER


@pytest.mark.parametrize(
    "other",
    [
        {"repository": "acme/ranker-fork"},
        {"environment": "staging"},
        {"ref": "refs/heads/fix"},
        {"repository": None, "environment": None},
    ],
)
def test_a_run_of_another_repository_environment_or_branch_has_none(other: dict[str, str]) -> None:
    assert PIPELINE.rights_of(CLAIMS | other) is None


def test_a_rule_that_names_no_environment_or_branch_is_about_all() -> None:
    wide = replace(PIPELINE, rules=(PipelineRule("acme/ranker", RANKER),))
    assert wide.rights_of({"repository": "acme/ranker"}) == RANKER


def test_several_rules_add_up() -> None:
    more = Rights.of(["gate:decide:recs", "gate:claim:rollback", "read"])
    both = replace(PIPELINE, rules=(RULE, PipelineRule("acme/ranker", more)))
    found = both.rights_of(CLAIMS)
    assert found is not None
    assert found.scopes == ("gate:decide:ranker", "gate:decide:recs", "gate:claim:rollback", "read")


def test_the_run_and_its_people_are_those_of_the_claims() -> None:
    assert PIPELINE.run_of(CLAIMS) == Run("github", "77", 2, named_by="github")
    assert PIPELINE.run_of(CLAIMS | {"run_attempt": "two"}).attempt == 1
    assert PIPELINE.repository_of(CLAIMS) == "Acme/Ranker"
    assert PIPELINE.person_of(CLAIMS) == "ada"


def test_gitlab_has_other_names_for_the_same() -> None:
    gitlab = replace(PIPELINE, system=System.GITLAB)
    claims = {
        "project_path": "acme/ranker",
        "environment": "prod",
        "ref": "main",
        "ref_type": "branch",
        "job_id": "9",
        "user_login": "ada",
    }
    assert gitlab.rights_of(claims) == RANKER
    assert gitlab.run_of(claims) == Run("gitlab", "9", 1, named_by="gitlab")
    assert gitlab.rights_of(claims | {"ref_type": "tag"}) is None
    assert gitlab.person_of(claims) == "ada"


def test_pipelines_of_one_issuer_and_audience_add_up() -> None:
    more = Rights.of(["gate:decide:recs"])
    other = replace(PIPELINE, name="recs", rules=(PipelineRule("acme/ranker", more),))
    found = rights_by([PIPELINE, other], CLAIMS)
    assert found is not None
    assert (found[0], found[1].scopes) == (PIPELINE, ("gate:decide:ranker", "gate:decide:recs"))
    assert rights_by([PIPELINE, other], CLAIMS | {"environment": "dev"}) == (other, more)
    assert rights_by([PIPELINE], {}) is None


def test_an_identity_is_for_its_own_system_issuer_and_audience() -> None:
    assert PIPELINE.same_issuer(replace(PIPELINE, name="other", rules=()))
    for changed in (
        replace(PIPELINE, system=System.GITLAB),
        replace(PIPELINE, issuer="https://other.example"),
        replace(PIPELINE, audience="other"),
    ):
        assert not PIPELINE.same_issuer(changed)
