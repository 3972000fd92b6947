"""The default policy warns and asks; it never freezes by itself."""

from fractions import Fraction

from bot.decide.change import ChangeKind
from bot.decide.policy import (
    ANYONE,
    DEFAULT,
    Approvals,
    Blind,
    BreakGlass,
    Exemption,
    OnAlert,
    Policy,
    Thaw,
    Then,
    Threshold,
)
from bot.decide.quorum import DECIDERS, ON_CALL, Need, Quorum
from bot.decide.silence import Silence
from bot.judge.burn import Severity


def test_a_policy_says_per_environment_what_silence_means() -> None:
    policy = Policy("strict", "v1", without_answer=(("Canary", Silence.ALLOW),))
    assert policy.when_silent("canary") is Silence.ALLOW
    assert policy.when_silent("prod") is None


def test_pages_and_tickets_may_lead_to_different_things() -> None:
    policy = Policy("strict", "v1", on_page=Then.FREEZE, on_ticket=Then.REQUEST_FREEZE)
    assert policy.on(Severity.PAGE) is Then.FREEZE
    assert policy.on(Severity.TICKET) is Then.REQUEST_FREEZE


def test_the_default_asks_people_and_never_freezes_by_itself() -> None:
    follows = {t.then for t in DEFAULT.thresholds} | {DEFAULT.on(s) for s in Severity}
    assert follows == {Then.WARN, Then.REQUEST_FREEZE}
    assert {t.left: t.then for t in DEFAULT.thresholds}[Fraction(0)] is Then.REQUEST_FREEZE


def test_what_follows_grows_from_a_warning_to_a_freeze() -> None:
    assert sorted(Then, key=lambda then: then.rank) == [
        Then.WARN,
        Then.CAUTION,
        Then.HOLD,
        Then.REQUEST_FREEZE,
        Then.FREEZE,
    ]


QUALITY = frozenset({("kind", "quality")})


def test_steps_with_labels_apply_to_the_objectives_that_bear_them() -> None:
    half = Threshold(Fraction(1, 2), Then.HOLD, labels=QUALITY)
    always = Threshold(Fraction(0), Then.FREEZE)
    policy = Policy(
        "p", "v1", thresholds=(half, always), on_ticket=Then.CAUTION,
        on_alerts=(
            OnAlert(Severity.PAGE, Then.HOLD, QUALITY),
            OnAlert(Severity.TICKET, Then.WARN, QUALITY),
        ),
    )  # fmt: skip
    quality = policy.fitted({"kind": "quality", "tier": "1"})
    assert quality.thresholds == (half, always)
    assert (quality.on_page, quality.on_ticket) == (Then.HOLD, Then.CAUTION)
    other = policy.fitted({"kind": "latency"})
    assert other.thresholds == (always,)
    assert (other.on_page, other.on_ticket) == (Then.WARN, Then.CAUTION)
    assert DEFAULT.fitted({"kind": "quality"}) is DEFAULT


def test_the_strictest_approvals_ask_the_most_people_and_leave_the_least_time() -> None:
    one = Approvals(freeze=Quorum.of(2), expires=600, fallback="leads")
    other = Approvals(override=Quorum((Need("leads", 1),)), usable=60, escalate_after=30)
    found = Approvals.strictest([one, other])
    assert (found.freeze, found.unfreeze) == (Quorum.of(2), Quorum.of(1))
    assert found.override == Quorum((Need(DECIDERS, 1), Need("leads", 1)))
    assert (found.expires, found.usable, found.escalate_after) == (600, 60, 30)
    assert found.fallback == "leads"


def test_unknown_is_a_warning_unless_the_environment_says_otherwise() -> None:
    policy = Policy("p", "v1", blind=(("prod", Blind.HOLD),))
    assert policy.when_blind("prod") is Blind.HOLD
    assert policy.when_blind("staging") is Blind.WARN


def test_a_rollback_passes_by_default_whoever_claims_it() -> None:
    assert DEFAULT.exemption(ChangeKind.ROLLBACK) == Exemption(ChangeKind.ROLLBACK, (ANYONE,))
    assert DEFAULT.exemption(ChangeKind.RETRAIN) is None


def test_a_policy_knows_the_groups_that_the_specs_must_name() -> None:
    asked = Approvals(freeze=Quorum((Need(ON_CALL, 1), Need("a", 1))), fallback="b")
    glass = BreakGlass(("c",), ("d",), "e")
    exempt = (Exemption(ChangeKind.RETRAIN, ("f", ANYONE)),)
    policy = Policy("p", "v1", approvals=asked, break_glass=glass, exemptions=exempt, decider="g")
    assert policy.groups == frozenset("abcdefg")
    assert DEFAULT.groups == frozenset()


def test_a_freeze_lifts_after_its_dwell_time_and_the_time_of_cooling() -> None:
    assert Thaw(dwell=60, cooling=30).lasts == 90
