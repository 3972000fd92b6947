"""Policies are inherited, organisation to team to service, and say where each value comes from."""

from fractions import Fraction

from bot.decide.catalog import Catalog
from bot.decide.change import ChangeKind
from bot.decide.policy import (
    ANYONE,
    DEFAULT,
    Approvals,
    Blind,
    BreakGlass,
    Exemption,
    Mode,
    Policy,
    Then,
    Threshold,
)
from bot.decide.quorum import APPROVERS, DECIDERS, ON_CALL, Need, Quorum
from bot.decide.scope import Reach, Scope
from bot.decide.silence import Silence
from tests.unit.specs.kit import document, faults, read, slo

TEAM = document(
    "Team",
    "search",
    '{channel: "#search", onCall: {users: [U0A1]}, approvers: {users: [U0A2]}, services: [ranker]}',
)
OTHER = document(
    "Team",
    "ads",
    '{channel: "#ads", onCall: {users: [U0A3]}, approvers: {users: [U0A4]}, services: [bidder]}',
)


def policy(name: str, spec: str) -> str:
    return document("BudgetPolicy", name, f"{{{spec}}}")


def of(catalog: Catalog, service: str) -> Policy:
    """The policy that a service's releases fall under."""
    return catalog.policies[catalog.services[service].policy]


def where(catalog: Catalog, service: str, field: str) -> tuple[str, str, str]:
    """Value, policy and place of one field."""
    stated = catalog.stated[catalog.services[service].policy]
    (found,) = (one for one in stated if one.field == field)
    return found.value, found.policy, found.where


CHAIN = (
    TEAM,
    OTHER,
    policy("org", "default: true, mode: monitor, thaw: {left: 20%, for: 2h}, resolveAfter: 5m"),
    policy("searchers", "teams: [search], thaw: {left: 30%}, approvals: {unfreeze: 2}"),
    policy("careful", "services: [ranker], approvals: {freeze: 2}, onPage: request-freeze"),
    slo(service="ranker"),
    slo(service="bidder"),
)


def test_what_a_nearer_policy_leaves_out_comes_from_the_next_wider() -> None:
    found = of(read(*CHAIN), "ranker")
    assert found.approvals.freeze == Quorum.of(2)  # of the service's
    assert found.on_page is Then.REQUEST_FREEZE
    assert found.approvals.unfreeze == Quorum.of(2)  # of the team's
    assert found.thaw.left == Fraction(3, 10)
    assert (found.thaw.dwell, found.mode, found.resolve_after) == (7_200, Mode.MONITOR, 300)
    assert found.thresholds == DEFAULT.thresholds  # built in


def test_who_is_in_another_team_inherits_nothing_of_this_one() -> None:
    found = of(read(*CHAIN), "bidder")
    assert found.thaw.left == Fraction(1, 5)
    assert found.approvals == Approvals()


def test_the_name_of_a_policy_says_its_chain_from_the_widest_to_the_nearest() -> None:
    catalog = read(*CHAIN)
    assert of(catalog, "ranker").name == "org → searchers → careful"
    assert of(catalog, "bidder").name == "org"
    (bidder, ranker) = catalog.objectives
    assert (bidder.policy, ranker.policy) == ("org", "org → searchers → careful")


def test_the_version_of_a_policy_follows_every_link_of_its_chain() -> None:
    def version(text: str, changed: str) -> str:
        return of(read(*(one.replace(text, changed) for one in CHAIN)), "ranker").version

    first = version("x", "x")
    assert version("resolveAfter: 5m", "resolveAfter: 6m") != first
    assert version("unfreeze: 2", "unfreeze: 3") != first
    assert version("freeze: 2", "freeze: 3") != first
    bidder = of(read(*CHAIN), "bidder").version
    assert of(
        read(*(one.replace("freeze: 2", "freeze: 3") for one in CHAIN)), "bidder"
    ).version == (bidder)


def test_every_value_says_where_it_is_written() -> None:
    catalog = read(*CHAIN)
    text = catalog.services["ranker"].policy
    lines = {one.field: one.where for one in catalog.stated[text] if one.policy}
    assert where(catalog, "ranker", "thaw.left") == ("30%", "searchers", lines["thaw.left"])
    assert where(catalog, "ranker", "thaw.for")[:2] == ("2h", "org")
    assert where(catalog, "ranker", "approvals.freeze")[:2] == ("2", "careful")
    assert where(catalog, "ranker", "thresholds") == (
        "25% left: warn; 0% left: request-freeze",
        "",
        "",
    )
    assert all(place.startswith("a.yaml:") for place in lines.values())
    assert len({lines["thaw.left"], lines["thaw.for"], lines["approvals.freeze"]}) == 3


def test_the_values_of_the_built_in_policy_are_stated_too() -> None:
    found = read(slo()).stated["default"]
    assert ("mode", "enforce") in [(one.field, one.value) for one in found]
    assert {one.where for one in found} == {""}


def test_steps_take_the_place_of_all_that_a_wider_policy_leads_to() -> None:
    found = of(
        read(
            policy("org", "default: true, onPage: freeze, thresholds: [{left: 50%, then: warn}]"),
            policy("own", "services: [ranker], steps: [{when: {left: 0%}, then: hold}]"),
            slo(),
        ),
        "ranker",
    )
    assert found.thresholds == (Threshold(Fraction(0), Then.HOLD),)
    assert (found.on_page, found.on_ticket) == (Then.WARN, Then.WARN)


def test_a_short_form_takes_the_place_of_its_part_of_wider_steps() -> None:
    first = '{when: {alert: page, labels: {tier: "1"}}, then: hold}'
    wide = f"steps: [{first}, {{when: {{left: 0%}}, then: freeze}}]"
    found = of(
        read(
            policy("org", f"default: true, {wide}"),
            policy("own", "services: [ranker], onPage: caution"),
            slo(),
        ),
        "ranker",
    )
    assert found.thresholds == (Threshold(Fraction(0), Then.FREEZE),)
    assert (found.on_page, found.on_alerts) == (Then.CAUTION, ())


def test_denials_are_counted_alike_whoever_says_how_many_approve() -> None:
    found = of(
        read(
            policy("org", "default: true, approvals: {deny: 2}"),
            policy("own", "services: [ranker], approvals: {unfreeze: 3}"),
            slo(),
        ),
        "ranker",
    )
    assert found.approvals.unfreeze == Quorum((Need(DECIDERS, 3),), deny=2)
    assert found.approvals.adjust.deny == 2


def test_each_environment_inherits_what_the_unknown_means_for_itself() -> None:
    found = of(
        read(
            policy("org", "default: true, unknown: {prod: deny, dev: allow}"),
            policy("own", "services: [ranker], unknown: {prod: hold}"),
            slo(),
        ),
        "ranker",
    )
    assert [found.when_blind(one) for one in ("prod", "dev", "staging")] == [
        Blind.HOLD,
        Blind.ALLOW,
        Blind.WARN,
    ]


def test_each_environment_inherits_what_follows_without_an_answer_for_itself() -> None:
    catalog = read(
        policy("org", "default: true, withoutAnswer: {staging: deny, canary: allow}"),
        policy("own", "services: [ranker], withoutAnswer: {staging: allow}"),
        slo(),
    )
    found = of(catalog, "ranker")
    assert [found.when_silent(one) for one in ("staging", "Canary", "prod")] == [
        Silence.ALLOW,
        Silence.ALLOW,
        None,
    ]
    assert where(catalog, "ranker", "withoutAnswer.staging")[:2] == ("allow", "own")
    assert where(catalog, "ranker", "withoutAnswer.canary")[:2] == ("allow", "org")
    elsewhere = where(catalog, "ranker", "withoutAnswer (elsewhere)")
    assert (elsewhere[0].endswith("; else deny"), elsewhere[1]) == (True, "")


def test_who_decides_is_read_with_groups_and_times() -> None:
    words = """default: true, mode: enforce,
      approvals: {freeze: 1, unfreeze: [{group: on-call}, {group: approvers, count: 2}],
        override: 2, adjust: [{group: approvers}], expire: 2h, use: 1h,
        escalate: {after: 10m, to: approvers}},
      exempt: [{kind: rollback, claimedBy: anyone}, {kind: security-fix, claimedBy: [on-call]},
        {kind: bug-fix}],
      breakGlass: {groups: on-call, page: [on-call, approvers],
        review: {by: approvers, within: 2d}},
      dispute: approvers, outsideCauses: [company network, frozen by another team]"""
    found = of(read(TEAM, policy("p", words), slo()), "ranker")
    assert found.approvals == Approvals(
        freeze=Quorum.of(1),
        unfreeze=Quorum((Need(ON_CALL, 1), Need(APPROVERS, 2))),
        override=Quorum.of(2),
        adjust=Quorum((Need(APPROVERS, 1),)),
        expires=7_200,
        usable=3_600,
        escalate_after=600,
        fallback=APPROVERS,
    )
    assert found.exemptions == (
        Exemption(ChangeKind.ROLLBACK, (ANYONE,)),
        Exemption(ChangeKind.SECURITY_FIX, (ON_CALL,)),
        Exemption(ChangeKind.BUG_FIX, (APPROVERS,)),
    )
    glass = BreakGlass((ON_CALL,), (ON_CALL, APPROVERS), APPROVERS, 172_800)
    assert found.break_glass == glass
    assert found.decider == APPROVERS
    assert found.outside_causes == ("company network", "frozen by another team")


def test_no_exemption_is_a_word_too() -> None:
    assert of(read(policy("p", "default: true, exempt: []"), slo()), "ranker").exemptions == ()


def test_a_group_is_asked_for_only_where_the_value_that_names_it_counts() -> None:
    lacking = document(
        "Team", "ads", '{channel: "#ads", onCall: {users: [U0A3]}, services: [bidder]}'
    )
    wide = policy("org", "default: true, approvals: {adjust: [{group: approvers}]}")
    both = (TEAM, wide, slo(service="ranker"), slo(service="bidder"))
    (fault,) = faults(lacking, *both)
    assert fault.problem == "The Team `ads` has no `approvers`: nobody could answer."
    nearer = policy("ads", "teams: [ads], approvals: {adjust: [{group: on-call}]}")
    assert faults(lacking, nearer, *both) == ()


def test_an_early_thaw_is_told_at_the_nearer_of_the_two_places() -> None:
    wide = policy("org", "default: true, thaw: {left: 10%}")
    near = policy("own", "services: [ranker], thresholds: [{left: 20%, then: freeze}]")
    (fault,) = faults(wide, near, slo())
    assert fault.path == "spec.thresholds"
    (fault,) = faults(
        policy("org", "default: true, thresholds: [{left: 20%, then: freeze}], thaw: {left: 25%}"),
        policy("own", "services: [ranker], thaw: {left: 5%}"),
        slo(),
    )
    assert fault.path == "spec.thaw.left"


def test_about_a_service_its_own_policy_speaks_with_the_strictest_approvals() -> None:
    catalog = read(
        TEAM,
        policy("own", "services: [ranker], dispute: on-call, approvals: {freeze: 2}"),
        policy("slow", "teams: [search], approvals: {unfreeze: 5}"),
        policy("marked", "services: [], approvals: {unfreeze: 7}"),
        slo("a", metadata="annotations: {burnban.dev/policy: marked}"),
    )
    found = catalog.policy_for(Scope(Reach.SERVICE, "ranker"))
    assert found.name == "slow → own"
    assert found.decider == ON_CALL
    assert (found.approvals.freeze, found.approvals.unfreeze) == (Quorum.of(2), Quorum.of(7))


def test_what_the_specs_do_not_know_comes_under_the_default_policy_by_whatever_name() -> None:
    watching = policy("org", "default: true, mode: monitor")
    catalog = read(slo(), TEAM, watching, policy("own", "services: [ranker], mode: enforce"))
    assert (catalog.otherwise.name, catalog.otherwise.mode) == ("org", Mode.MONITOR)
    assert read(slo(), TEAM).otherwise == DEFAULT
