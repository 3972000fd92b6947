"""GitLab: approvals and freeze periods, with a GitLab that remembers."""

from collections.abc import Collection
from dataclasses import replace

import pytest

from bot.decide.approval import Wish
from bot.decide.catalog import Catalog
from bot.decide.change import ChangeKind
from bot.decide.label import LabelEvent, Merged
from bot.decide.outside import CodeHost, Deploys, HostKind, Outside
from bot.decide.periods import Period
from bot.decide.policy import Exemption
from bot.errors import Refused, Unclear
from bot.flow.hosts.gitlab import KeepPeriods, VisitBlocked
from bot.flow.hosts.visits import Visits
from bot.ports.hosts import Blocked
from tests.flow.conftest import World
from tests.flow.gates import Gates

RULES = (Deploys("acme/ranker", "prod", ("ranker",)),)
HOST = CodeHost("lab", HostKind.GITLAB, "https://lab.example", RULES, "", "KEY", periods=True)


class FakeGitLab:
    """Satisfies GitLabHost."""

    def __init__(self) -> None:
        self.rows: list[Blocked] = []
        self.approved: list[tuple[str, str]] = []
        self.periods: dict[int, Period] = {}
        self.faults: list[Exception] = []
        self.requests: list[Merged] = []
        self.looks = 0

    def blocked(self, place: str, environment: str) -> list[Blocked]:
        """What waits."""
        return list(self.rows)

    def approve(self, place: str, deployment: str, comment: str) -> None:
        """It waits no more."""
        self._fail()
        self.approved.append((deployment, comment))
        self.rows = [one for one in self.rows if one.id != deployment]

    def merged(self, place: str, sha: str, labels: Collection[str]) -> list[Merged]:
        """As they were put there."""
        self._fail()
        self.looks += 1
        return list(self.requests)

    def set_period(self, place: str, period: Period, known: int | None, *, adopt: bool) -> int:
        """Made or changed."""
        same = [number for number, one in self.periods.items() if one == period]
        number = known or (same[0] if adopt and same else len(self.periods) + 1)
        self.periods[number] = period
        self._fail()
        return number

    def drop_period(self, place: str, period: int) -> None:
        """Gone."""
        self.periods.pop(period, None)

    def _fail(self) -> None:
        if self.faults:
            raise self.faults.pop(0)


class Labs:
    """The flows around it."""

    def __init__(self, world: World) -> None:
        self.world, self.api = world, FakeGitLab()
        gates = self.gates = Gates(world)
        visits = Visits(world.record, world.clock, world.ops)
        self.blocked = VisitBlocked(
            world.record, world.clock, self.catalog, gates.flow, lambda name: self.api, visits
        )
        self.periods = KeepPeriods(
            world.record, world.clock, self.catalog, lambda name: self.api, visits
        )

    def catalog(self) -> Catalog:
        """With the host."""
        if self.gates.catalog is not None and self.gates.catalog.outside.hosts:
            return self.gates.catalog
        return replace(self.world.catalog(), outside=Outside({"lab": HOST}))


@pytest.fixture
def labs(world: World) -> Labs:
    world.history_of_calm()
    return Labs(world)


def frozen(labs: Labs, **how: float) -> int:
    outcome = labs.world.ask(Wish.FREEZE, **how)
    assert outcome.freeze is not None
    return outcome.freeze.id


def lift(labs: Labs, number: int) -> None:
    now = labs.world.clock.now()
    labs.world.record.write(lambda books: books.freezes.lift(number, now))


def test_what_is_blocked_is_approved_when_nothing_stops_it_and_the_comment_says_play(
    labs: Labs,
) -> None:
    labs.api.rows = [Blocked("15", "a" * 40, "796", "ada")]
    labs.blocked.run()
    ((number, comment),) = labs.api.approved
    assert number == "15"
    assert "play the job" in comment
    (row,) = labs.world.story("release_allowed")
    assert row.decision.evidence["run"] == "gitlab:796:1"


def test_a_freeze_leaves_it_blocked_and_the_thaw_approves_it(labs: Labs) -> None:
    freeze = frozen(labs)
    labs.api.rows = [Blocked("15", "a" * 40)]
    for _ in range(3):
        labs.blocked.run()
        labs.world.clock.advance(60)
    assert labs.api.approved == []
    lift(labs, freeze)
    labs.blocked.run()
    assert [number for number, _ in labs.api.approved] == ["15"]


def test_what_is_cancelled_there_is_let_go_here(labs: Labs) -> None:
    frozen(labs)
    labs.api.rows = [Blocked("15", "a" * 40)]
    labs.blocked.run()
    labs.api.rows = []
    labs.world.clock.advance(60)
    assert labs.blocked.run() == 0


def test_an_approval_whose_answer_was_lost_is_repeated_and_then_believed(labs: Labs) -> None:
    labs.api.rows = [Blocked("15", "a" * 40)]
    labs.api.faults = [Unclear("silence"), Refused("http_400", "not blocked")]
    labs.blocked.run()
    labs.world.clock.advance(20)
    labs.blocked.run()
    labs.world.clock.advance(20)
    assert labs.blocked.run() == 0


def test_a_freeze_has_a_period_there_until_it_is_over(labs: Labs) -> None:
    freeze = frozen(labs, hours=30)
    assert labs.periods.run() == 1
    assert labs.periods.run() == 0
    assert list(labs.api.periods.values()) == [Period("0 12 2 3 *", "0 18 3 3 *")]
    lift(labs, freeze)
    assert labs.periods.run() == 1
    assert labs.api.periods == {}


def test_the_end_of_a_freeze_without_one_moves_on_every_day(labs: Labs) -> None:
    frozen(labs)
    labs.periods.run()
    labs.world.clock.advance(86_400)
    assert labs.periods.run() == 1
    assert [one.end for one in labs.api.periods.values()] == ["0 0 5 3 *"]


def test_a_period_whose_making_was_not_answered_is_not_made_twice(labs: Labs) -> None:
    frozen(labs, hours=30)
    labs.api.faults = [Unclear("silence")]
    labs.periods.run()
    labs.world.clock.advance(20)
    labs.periods.run()
    assert len(labs.api.periods) == 1


def test_a_freeze_of_other_services_has_none(labs: Labs) -> None:
    labs.world.ask(Wish.FREEZE, word="recs")
    assert labs.periods.run() == 0


LABELLED = replace(HOST, labels=(("security", ChangeKind.SECURITY_FIX),))


def claimed(labs: Labs, *maintainers: str) -> None:
    """A merge request that ben merged and ada labelled then."""
    now = labs.world.clock.now()
    event = LabelEvent("security", "ada", now, on=True)
    labs.api.requests = [Merged("acme/ranker!3", "ben", now, [event], frozenset(maintainers))]
    exempt = replace(
        labs.world.catalog().policies["default"],
        exemptions=(Exemption(ChangeKind.SECURITY_FIX),),
    )
    labs.gates.catalog = replace(
        labs.world.catalog(), outside=Outside({"lab": LABELLED}), policies={"default": exempt}
    )


def test_a_kind_that_a_maintainer_set_as_a_label_passes_a_freeze_with_its_evidence(
    labs: Labs,
) -> None:
    frozen(labs)
    claimed(labs, "ada")
    labs.api.rows = [Blocked("15", "a" * 40)]
    labs.blocked.run()
    assert [number for number, _ in labs.api.approved] == ["15"]
    (row,) = labs.world.story("release_allowed")
    assert (row.decision.evidence["kind"], row.decision.evidence["kind_trusted"]) == (
        "security-fix",
        True,
    )
    words = "label security of acme/ranker!3, set by ada, a maintainer"
    assert row.decision.evidence["claim"] == words


def test_a_label_of_anybody_else_leaves_it_blocked(labs: Labs) -> None:
    frozen(labs)
    claimed(labs)
    labs.api.rows = [Blocked("15", "a" * 40)]
    labs.blocked.run()
    assert labs.api.approved == []
    (row,) = labs.world.story("release_stopped")
    assert row.decision.evidence["kind"] == "other"


def test_labels_are_looked_up_once_a_minute_and_a_late_one_lets_it_go(labs: Labs) -> None:
    frozen(labs)
    claimed(labs)
    labs.api.rows = [Blocked("15", "a" * 40)]
    labs.blocked.run()
    claimed(labs, "ada")
    labs.world.clock.advance(31)
    labs.blocked.run()
    assert (labs.api.looks, labs.api.approved) == (1, [])
    labs.world.clock.advance(31)
    labs.blocked.run()
    assert labs.api.looks == 2
    assert labs.api.approved


def test_labels_that_cannot_be_looked_up_say_nothing(labs: Labs) -> None:
    frozen(labs)
    claimed(labs, "ada")
    labs.api.faults = [Refused("forbidden", "no")]
    labs.api.rows = [Blocked("15", "a" * 40)]
    labs.blocked.run()
    assert labs.api.approved == []
    assert labs.world.story("release_stopped")
