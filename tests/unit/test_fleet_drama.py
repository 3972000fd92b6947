"""What the replayed day comes to when it is judged minute by minute, with the specs it ships."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from bot import spec
from bot.calendar import Almanac
from bot.decide.catalog import Catalog
from bot.decide.episode import Item, Level, News, Standing, advance
from bot.decide.freeze import Freeze, Origin
from bot.decide.people import BURNBAN
from bot.decide.policy import Then
from bot.decide.scope import Reach, Scope
from bot.decide.thaw import Step, next_step, recovered
from bot.entrypoints.grammar import parse
from bot.judge.feed import slices
from bot.judge.indicator import Labelled, Scored
from bot.judge.ledger import Balances, Slice, accumulate
from bot.judge.objective import Objective
from bot.judge.thinning import Stretch
from bot.judge.verdict import Kind, Verdict, judge
from bot.playground import seed
from bot.playground.fleet import feed, story
from bot.playground.fleet.counts import rows
from bot.playground.fleet.day import files
from bot.playground.fleet.happenings import (
    CANARY,
    HISTORY,
    LENGTH,
    RECS_SLOW,
    REFUND,
    RETRAINED,
    ROLLBACK,
    SPEED,
    V38,
    V39,
)

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
BEGAN = int(START.timestamp())
RANKER = "ranker/availability"


@dataclass(frozen=True)
class Look:
    """One poll of one objective, `minute` minutes into the day."""

    minute: int
    verdict: Verdict
    level: Level
    news: tuple[Item, ...]


Day = Mapping[str, list[Look]]


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return spec.load_texts(files(), source_kinds=("csv", "push"))


@pytest.fixture(scope="module")
def day(catalog: Catalog) -> Day:
    """The ranker's availability polled once a simulated minute, the others every five."""
    counted: dict[str, list[Slice]] = defaultdict(list)
    last: dict[str, int] = defaultdict(lambda: BEGAN - HISTORY * 60)
    for at, objective, eligible, bad in rows(START):
        counted[objective].append(Slice(at, eligible, bad, at - last[objective]))
        last[objective] = at
    pushed = {feed.LABELS: feed.labels, feed.DRIFT: feed.drift}
    whole = Stretch(BEGAN - HISTORY * 60, BEGAN + LENGTH * 60, feed.STEP * 60)
    for one in catalog.objectives:
        if isinstance(one.indicator, Labelled | Scored):
            said = pushed[one.indicator.feed](START, None, LENGTH)
            counted[one.id] = list(slices(one.indicator, said, whole))
    return {o.id: list(_polls(catalog, o, counted[o.id])) for o in catalog.objectives}


def _polls(catalog: Catalog, objective: Objective, counted: list[Slice]) -> Iterator[Look]:
    """What waits for labels is judged when they have come."""
    entries = accumulate(None, counted)
    standing = Standing(objective.id)
    policy = catalog.policy_of(objective)
    for count, entry in enumerate(entries, 1):
        minute = (entry.at + objective.label_delay - BEGAN) // 60
        if minute < 0 or (minute % 5 and objective.id != RANKER):
            continue
        now = START + timedelta(minutes=minute)
        verdict = judge(objective, Balances(entries[:count]), entries[0].at, now)
        standing, news = advance(standing, verdict, policy, now)
        told = tuple(item for item in news if item.news is not News.CHANGED)
        yield Look(minute, verdict, standing.level, told)


def _told(looks: list[Look]) -> list[tuple[int, Item]]:
    return [(look.minute, item) for look in looks for item in look.news]


def _minute(looks: list[Look], news: News, level: Level) -> int:
    """When that was told; it is told once."""
    (found,) = (m for m, item in _told(looks) if item.news is news and item.level is level)
    return found


def test_every_objective_of_the_specs_has_counts_and_the_other_way_round(catalog: Catalog) -> None:
    counted = {objective.partition("@")[0] for _, objective, *_ in rows(START)}
    assert {o.id for o in catalog.objectives if not o.feeds} == counted
    assert {name for o in catalog.objectives for name in o.feeds} == {feed.LABELS, feed.DRIFT}


def test_the_day_begins_with_one_budget_at_a_third_and_the_others_well_off(day: Day) -> None:
    left = {name: looks[0].verdict.left or 0 for name, looks in day.items()}
    assert Fraction(33, 100) < left.pop(RANKER) < Fraction(38, 100)
    assert Fraction(39, 100) < left.pop("fraud/quality") < Fraction(42, 100)
    assert all(Fraction(60, 100) < share <= Fraction(91, 100) for share in left.values())


def test_all_is_known_and_calm_until_the_bad_release(day: Day) -> None:
    early = [look for looks in day.values() for look in looks if look.minute <= V38.at]
    assert {look.verdict.kind for look in early} == {Kind.HEALTHY}
    assert not _told(early)


def test_the_budget_window_is_full_from_the_first_minute(day: Day) -> None:
    assert all(look.verdict.projected is None for looks in day.values() for look in looks)


def test_a_page_comes_within_five_minutes_of_the_bad_release(day: Day) -> None:
    opened = _minute(day[RANKER], News.OPENED, Level.PAGE)
    assert V38.at < opened <= V38.at + 5
    assert opened in range(18, 23)  # seconds of real time


def test_the_budget_is_gone_within_the_first_real_minute_and_people_are_asked(day: Day) -> None:
    gone = _minute(day[RANKER], News.ROSE, Level.EXHAUSTED)
    assert gone in range(45, 61)
    marks = [(minute, i.threshold.left, i.then) for minute, i in _told(day[RANKER]) if i.threshold]
    assert [(left, then) for _, left, then in marks] == [
        (Fraction(1, 4), Then.WARN),
        (Fraction(0), Then.REQUEST_FREEZE),
    ]
    assert marks[1][0] == gone


def test_the_rollback_ends_the_burn_within_its_windows(day: Day) -> None:
    looks = day[RANKER]
    assert looks[ROLLBACK.at].verdict.firing
    last = max(look.minute for look in looks if look.verdict.firing)
    assert ROLLBACK.at < last <= ROLLBACK.at + 30


def test_the_budget_comes_back_when_the_old_outage_leaves_the_window(day: Day) -> None:
    looks = day[RANKER]
    assert looks[REFUND - 1].verdict.kind is Kind.EXHAUSTED
    assert looks[REFUND].verdict.kind is Kind.HEALTHY
    assert (looks[REFUND].verdict.left or 0) > Fraction(12, 100)


def test_the_warning_is_resolved_ten_minutes_after_that(day: Day) -> None:
    assert _minute(day[RANKER], News.RESOLVED, Level.EXHAUSTED) == REFUND + 10
    assert _told(day[RANKER])[-1][0] == REFUND + 10  # and nothing more is heard of it


def test_a_freeze_that_nobody_lifts_thaws_an_hour_after_the_budget_is_back_before_the_good_release(
    day: Day, catalog: Catalog
) -> None:
    frozen, scope = START + timedelta(minutes=60), Scope(Reach.SERVICE, "ranker")
    rule = catalog.policy_for(scope).thaw
    freeze = Freeze(1, scope, "", Origin.POLICY, BURNBAN, frozen, cause=RANKER)
    steps: list[tuple[int, Step]] = []
    for look in day[RANKER][60:]:
        now = START + timedelta(minutes=look.minute)
        step = next_step(freeze, look.verdict, rule, now, patience=240)
        if step is Step.START_COOLING:
            freeze = replace(freeze, recovering_since=now)
        if step is not Step.HOLD:
            steps.append((look.minute, step))
    assert steps[:2] == [(REFUND, Step.START_COOLING), (REFUND + 60, Step.THAW)]
    assert V39.at > REFUND + 60


def test_later_on_there_are_three_tickets_and_each_is_resolved(day: Day) -> None:
    tickets = {
        name: [(item.news, item.level) for _, item in _told(looks)]
        for name, looks in day.items()
        if name != RANKER and _told(looks)
    }
    once = [(News.OPENED, Level.TICKET), (News.RESOLVED, Level.TICKET)]
    assert tickets == dict.fromkeys(("recs/latency", "fraud/drift", "recs/freshness"), once)


def test_the_slow_release_of_recs_makes_a_ticket_within_two_hours(day: Day) -> None:
    opened = _minute(day["recs/latency"], News.OPENED, Level.TICKET)
    assert story.OUT < opened <= story.SLOW


def test_the_banner_never_runs_ahead_of_what_it_tells(day: Day) -> None:
    looks = day[RANKER]
    assert _minute(looks, News.OPENED, Level.PAGE) <= story.WARNED
    assert _minute(looks, News.ROSE, Level.EXHAUSTED) <= story.GONE
    one_hour_page = max(
        look.minute for look in looks if any(f.alert.long == 3_600 for f in look.verdict.firing)
    )
    assert one_hour_page <= story.LIFT


def _banner(minute: float) -> str:
    return _read(story.banner(START + timedelta(minutes=minute), START))


def _read(line: str) -> str:
    """As it is read where the clock shows UTC."""
    return re.sub(r"<!date\^\d+\^\{time\}\|([^>]+)>", r"\1", line)


@pytest.mark.parametrize(
    ("minute", "said"),
    [
        (0, "08:00 UTC, a replayed day at 60×, 24 min left. All is calm."),
        (V38.at - 0.1, "08:13 UTC, a replayed day at 60×, 24 min left. All is calm."),
        (V38.at, "ranker v38 has just gone out."),
        (story.WARNED, "A warning appeared in #search-alerts"),
        (story.GONE, "approve. It is withdrawn at 15:00 UTC, when part of it is back."),
        (story.REFUSED, "The refusal has a button that asks for an override."),
        (story.LIFT, "v38 is rolled back. If ranker is frozen, ask for it to be lifted"),
        (story.READ, "/budget history"),
        (REFUND, "part of ranker's budget is back"),
        (RECS_SLOW.at, "recs r112 has just gone out."),
        (story.OUT, "recs r112 serves, and nobody has been warned of it."),
        (story.SLOW, "recs answers slowly since r112"),
        (CANARY.at, "ranker v41 serves a tenth of the traffic, beside v39."),
        (story.PROPOSED, "Its evidence: /budget canary ranker"),
        (CANARY.over, "ranker v41 is taken back."),
        (story.WEIGHED, "/budget tradeoff fraud f21"),
        (story.AGED, "What is open? /budget tasks"),
        (RETRAINED.at, ", 12 min left."),
        (RETRAINED.at, "fraud f22 has gone out"),
        (story.NIGHT, "frozen for the night"),
        (LENGTH - 0.5, ", 1 min left."),
        (LENGTH, "08:00 UTC, a replayed day at 60×. The day is over"),
        (LENGTH + 600, "The day is over"),
    ],
)
def test_the_banner_says_what_has_happened_and_what_to_do(minute: float, said: str) -> None:
    assert said in _banner(minute)


def test_the_times_of_the_banner_are_shown_as_those_of_messages() -> None:
    """A page shows both by its reader's own clock."""
    line = story.banner(START + timedelta(minutes=story.GONE), START)
    shown = [int(at) for at in re.findall(r"<!date\^(\d+)\^\{time\}\|\d\d:\d\d UTC>", line)]
    begin = int(START.timestamp())
    assert shown == [begin + 60 * story.GONE, begin + 60 * REFUND]
    assert len(re.findall(r"\d:\d\d", line)) == 2


def test_the_banner_tells_the_speed_that_was_chosen() -> None:
    assert _read(story.banner(START, START, 7.5)).startswith(
        "08:00 UTC, a replayed day at 7.5×, 192 min left. "
    )


def test_every_command_that_the_banner_names_is_understood() -> None:
    lines = {_banner(minute) for minute in range(LENGTH + 1)}
    named = {found for line in lines for found in re.findall(r"/(\w+) ([\w ]+)", line)}
    assert {command for command, _ in named} == {"budget", "freeze", "unfreeze"}
    verbs = {words.split()[0] for command, words in named if command == "budget"}
    read = {"status", "show", "gate", "history"}
    assert verbs == read | {"canary", "releases", "tradeoff", "tasks"}
    for command, words in named:
        text = words.split(" in ")[0].split(" to ")[0]
        parse(f"/{command}", text, START)


def test_only_what_was_just_told_of_stands_above_the_page() -> None:
    lines = {minute: _banner(minute) for minute in range(LENGTH + 1)}
    assert [at for at, line in lines.items() if "/budget history" in line] == list(
        range(story.READ, RECS_SLOW.at)
    )


def test_whoever_reads_slowly_has_five_minutes_to_decide_about_the_first_freeze(
    day: Day, catalog: Catalog
) -> None:
    policy = catalog.policy_for(Scope(Reach.SERVICE, "ranker"))
    asking = range(story.GONE, REFUND)
    well = [at for at in asking if recovered(day[RANKER][at].verdict, policy.thaw)]
    assert not well, "then it would be withdrawn"
    assert REFUND - story.GONE >= 5 * SPEED


def test_requests_of_the_demo_do_not_expire_before_its_day_does(catalog: Catalog) -> None:
    for service in catalog.services:
        approvals = catalog.policy_for(Scope(Reach.SERVICE, service)).approvals
        assert approvals.expires >= LENGTH * 60
        assert approvals.usable >= LENGTH * 60


_STEP = re.compile(r"^\d+\. \*\*(\d+):(\d\d)\*\* ((?:.+\n)+?)(?=\d+\. |\n)", re.MULTILINE)


def test_the_readme_says_when_what_comes_and_what_to_type() -> None:
    text = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    told = {
        (int(m) * 60 + int(s)) * SPEED // 60: re.findall(r"`/([^`]+)`", words)
        for m, s, words in _STEP.findall(text)
    }
    back, thawed = (f"{minute // SPEED}:{minute % SPEED:02}" for minute in (REFUND, REFUND + 60))
    assert f"withdrawn at {back}, " in text
    assert f"thaws by itself at {thawed}." in text
    acts = {at: re.findall(r"/(\w+(?: \w+)+)(?: in #|$|\.)", line) for at, line in story.ACTS}
    assert told == {**{at: found for at, found in acts.items() if at != V38.at}, LENGTH: []}


def test_the_night_of_payments_is_frozen_by_a_schedule_and_known_all_day(catalog: Catalog) -> None:
    schedule = catalog.schedules["payments-at-night"]
    found = Almanac().occurrences(schedule, START, START + timedelta(minutes=LENGTH))
    assert [(one.start, one.end) for one in found] == [
        (START + timedelta(hours=14), START + timedelta(hours=22))
    ]
    assert schedule.scopes == (Scope(Reach.TEAM, "payments"),)
    assert found[0].start < START + timedelta(minutes=story.NIGHT)
    assert schedule.notice == timedelta(hours=2), "the channel hears of it before the day is over"


def test_channels_groups_and_people_of_the_specs_exist_in_the_workspace(catalog: Catalog) -> None:
    space = seed.workspace(lambda: 0.0)
    channels = {f"#{channel.name}" for channel in space.channels}
    groups = {group.id for group in space.groups}
    users = {user.id for user in space.users}
    for team in catalog.teams.values():
        assert team.channel in channels
        for group in team.deciders:
            assert set(group.usergroups) <= groups
            assert set(group.users) <= users


def test_each_team_has_somebody_else_to_approve_what_its_on_call_asks(catalog: Catalog) -> None:
    space = seed.workspace(lambda: 0.0)
    members = {group.id: set(group.users) for group in space.groups}
    for team in catalog.teams.values():
        named = [members[one] for group in team.deciders for one in group.usergroups]
        listed = [set(group.users) for group in team.deciders]
        assert len(set.union(*named, *listed)) >= 2
