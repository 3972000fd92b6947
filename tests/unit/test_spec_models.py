"""What specs say of rollbacks and retraining."""

import pytest

from bot.decide.outside import Topic
from bot.decide.policy import DEFAULT, Rollback
from bot.decide.quorum import ON_CALL, Need, Quorum
from tests.unit.specs.kit import faults, read

OBJECTIVE = """\
apiVersion: openslo/v1
kind: SLO
metadata: {name: availability}
spec:
  service: ranker
  indicator:
    metadata: {name: availability}
    spec:
      ratioMetric:
        counter: true
        bad: {metricSource: {metricSourceRef: prom, spec: {query: errors_total}}}
        total: {metricSource: {metricSourceRef: prom, spec: {query: requests_total}}}
  timeWindow: [{duration: 28d, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{target: 0.99}]
---
apiVersion: openslo/v1
kind: DataSource
metadata: {name: prom}
spec: {type: Prometheus, connectionDetails: {url: "http://127.0.0.1:9090"}}
"""


def policy(spec: str) -> str:
    return (
        f"apiVersion: burnban/v1\nkind: BudgetPolicy\nmetadata: {{name: default}}\nspec: {spec}\n"
    )


def team(owner: str) -> str:
    spec = f'{{channel: "#search", onCall: {{usergroup: S0A1}}, owner: {owner}}}'
    return f"apiVersion: burnban/v1\nkind: Team\nmetadata: {{name: search}}\nspec: {spec}\n"


@pytest.mark.parametrize("word", list(Rollback))
def test_a_policy_says_what_follows_evidence_against_a_release(word: Rollback) -> None:
    found = read(OBJECTIVE, policy(f"{{rollback: {word}}}")).policies["default"]
    assert found.rollback is word
    assert DEFAULT.rollback is Rollback.ASK


def test_a_policy_says_who_approves_a_rollback_and_a_retraining() -> None:
    words = "{approvals: {rollback: [{group: on-call}], retrain: 2}}"
    found = read(OBJECTIVE, team("U0A1B2C3"), policy(words)).policies["default"].approvals
    assert (found.rollback, found.retrain) == (Quorum((Need(ON_CALL, 1),)), Quorum.of(2))


def test_another_word_is_refused_with_those_that_there_are() -> None:
    (found,) = faults(OBJECTIVE, policy("{rollback: always}"))
    assert "ask" in str(found)
    assert "auto" in str(found)


def test_a_team_names_who_has_its_tasks() -> None:
    assert read(OBJECTIVE, team("U0A1B2C3")).teams["search"].owner == "U0A1B2C3"
    (found,) = faults(OBJECTIVE, team("ada"))
    assert "`ada` is not a Slack user id" in str(found)


def test_a_webhook_may_be_told_of_rollbacks_and_retrainings_alone() -> None:
    spec = "{url: https://x.example, secretEnv: KEY, events: [rollback, retrain]}"
    hook = f"apiVersion: burnban/v1\nkind: Webhook\nmetadata: {{name: deployer}}\nspec: {spec}\n"
    found = read(OBJECTIVE, hook).outside.hooks["deployer"]
    assert found.topics == {Topic.ROLLBACK, Topic.RETRAIN}
