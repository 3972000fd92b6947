"""The default policy warns and asks; it never freezes by itself."""

from fractions import Fraction

from bot.decide.policy import DEFAULT, Policy, Then
from bot.judge.burn import Severity


def test_pages_and_tickets_may_lead_to_different_things() -> None:
    policy = Policy("strict", "v1", on_page=Then.FREEZE, on_ticket=Then.REQUEST_FREEZE)
    assert policy.on(Severity.PAGE) is Then.FREEZE
    assert policy.on(Severity.TICKET) is Then.REQUEST_FREEZE


def test_the_default_asks_people_and_never_freezes_by_itself() -> None:
    follows = {t.then for t in DEFAULT.thresholds} | {DEFAULT.on(s) for s in Severity}
    assert follows == {Then.WARN, Then.REQUEST_FREEZE}
    assert {t.left: t.then for t in DEFAULT.thresholds}[Fraction(0)] is Then.REQUEST_FREEZE


def test_a_freeze_is_louder_than_a_request_and_a_request_than_a_warning() -> None:
    assert sorted(Then, key=lambda then: then.rank) == [
        Then.WARN,
        Then.REQUEST_FREEZE,
        Then.FREEZE,
    ]
