"""Who decides and who is who, as the spec files say."""

import pytest

from bot.decide.catalog import PagerSpec
from bot.decide.people import Group, Rota, RotaKind
from tests.unit.specs.kit import faults, read

PAGER = """\
apiVersion: burnban/v1
kind: PagerDuty
metadata: {name: main}
spec: {tokenEnv: PAGERDUTY_TOKEN}
"""
SCHEDULE = Rota(RotaKind.SCHEDULE, "PABC123", "main")
ESCALATION = Rota(RotaKind.ESCALATION, "PDEF456", "main")


def team(spec: str) -> str:
    lines = "".join(f"  {line}\n" for line in spec.strip().splitlines())
    return (
        "apiVersion: burnban/v1\nkind: Team\nmetadata: {name: ranking}\nspec:\n"
        f'  channel: "#ranking"\n{lines}'
    )


def test_a_mapping_is_one_source_whose_people_count_together() -> None:
    found = read(team('onCall: {usergroup: [S0A1, "@leads"], users: [U0A1]}')).teams["ranking"]
    assert found.on_call == Group(("S0A1", "@leads"), ("U0A1",))
    assert found.approvers == Group()


def test_a_list_is_asked_in_its_order() -> None:
    found = read(
        PAGER,
        team("""
onCall:
  - pagerduty: {schedules: PABC123, escalationPolicies: [PDEF456]}
  - usergroup: S0A1
  - users: [U0A1]
"""),
    ).teams["ranking"]
    users = Group(users=("U0A1",))
    assert found.on_call == Group(
        on_call=(SCHEDULE, ESCALATION), fallback=Group(("S0A1",), fallback=users)
    )


def test_a_fallback_by_name_is_the_group_of_that_name_with_its_own_fallback() -> None:
    found = read(
        team("""
onCall: {usergroup: S0A1, fallback: leads}
approvers: {users: [U0A9]}
groups:
  leads: [{usergroup: S0LEADS}, {users: [U0LEAD], fallback: approvers}]
"""),
    ).teams["ranking"]
    approvers = Group(users=("U0A9",), name="approvers")
    lead = Group(users=("U0LEAD",), fallback=approvers, name="leads")
    leads = Group(("S0LEADS",), fallback=lead, name="leads")
    assert found.on_call == Group(("S0A1",), fallback=leads)
    assert [step.usergroups or step.users for step in found.groups["leads"].steps] == [
        ("S0LEADS",),
        ("U0LEAD",),
        ("U0A9",),
    ]
    assert found.named("leads") == (found.groups["leads"],)


def test_an_account_needs_a_name_only_where_there_are_several() -> None:
    other = PAGER.replace("main", "eu").replace(
        "PAGERDUTY_TOKEN", "EU_TOKEN, url: https://api.eu.pagerduty.com/"
    )
    told = "onCall: {pagerduty: {account: main, schedules: PABC123}}"
    catalog = read(PAGER, other, team(told))
    assert catalog.teams["ranking"].on_call == Group(on_call=(SCHEDULE,))
    assert catalog.pagers == {
        "main": PagerSpec("main", "https://api.pagerduty.com", "PAGERDUTY_TOKEN"),
        "eu": PagerSpec("eu", "https://api.eu.pagerduty.com", "EU_TOKEN"),
    }


def test_without_an_account_nobody_can_be_on_call_by_it() -> None:
    (fault,) = faults(team("onCall: {pagerduty: {schedules: PABC123}}"))
    assert fault.problem == "There is no PagerDuty object."


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8000/pd", "https://proxy.example/pagerduty", "http://localhost:1"]
)
def test_a_key_may_be_sent_over_tls_or_to_this_machine(url: str) -> None:
    spec = PAGER.replace("PAGERDUTY_TOKEN", f'PAGERDUTY_TOKEN, url: "{url}"')
    assert read(spec).pagers["main"].url == url


@pytest.mark.parametrize(
    "url",
    [
        "http://pagerduty.example",
        "https://user:password@pagerduty.example",
        "https://",
        "ftp://127.0.0.1",
        "https://pagerduty.example?x=1",
        "https://pager duty.example",
        "https://[::1",
        "api.pagerduty.com",
    ],
)
def test_a_key_is_sent_nowhere_else(url: str) -> None:
    (fault,) = faults(PAGER.replace("PAGERDUTY_TOKEN", f'PAGERDUTY_TOKEN, url: "{url}"'))
    assert fault.path == "spec.url"
    assert "password" not in str(fault)


def test_each_row_of_the_identities_is_one_person() -> None:
    catalog = read("""\
apiVersion: burnban/v1
kind: Identities
metadata: {name: people}
spec:
  people:
    - {slack: [U0ADA, W0ADA], email: Ada@Example.com, github: Ada-L, terminal: ada}
    - {email: [ben@example.com, ben@example.org], github: 4711}
""")
    assert catalog.same_person("U0ADA", "W0ADA")
    assert catalog.same_person("email:ADA@example.com", "terminal:ada")
    assert catalog.same_person("github:4711", "email:ben@example.org")
    assert not catalog.same_person("U0ADA", "github:4711")
    ada = catalog.person_of("github:ada-l")
    assert ada is not None
    assert ada.ids == ("U0ADA", "W0ADA", "email:ada@example.com", "github:ada-l", "terminal:ada")
