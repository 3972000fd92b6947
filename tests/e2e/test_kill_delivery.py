"""Kill -9 at each step of a delivery: nothing is lost, nothing is said twice (laws 17 and 21)."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.playground.faults import Fault
from bot.playground.limits import Limits
from bot.ports import Outgoing
from bot.record import Database
from tests.e2e.chaos import KILLED, Plan, at_once, edit, notice, reply, rooms, standing
from tests.e2e.nursery import Nursery
from tests.e2e.process import NewDatabase
from tests.e2e.slack import Slack, slack, words

pytest_plugins = ["tests.record_stores"]


@dataclass(frozen=True)
class Scene:
    """Messages, and the steps at which one process after the other dies on them."""

    deaths: tuple[tuple[str, int], ...]
    """Step, and at which turn of it."""
    reply: bool = False
    edit: bool = False

    def messages(self, channel: str) -> list[Outgoing]:
        found = [notice("episode:1", channel)]
        found += [reply("episode:1:rose", "episode:1", channel)] if self.reply else []
        found += [edit("episode:1", channel, "second")] if self.edit else []
        return found


@dataclass(frozen=True)
class Ending:
    """What came of a scene once a fresh process had finished the work."""

    codes: list[int]
    unsent: int
    standing: Counter[str]
    replies: int
    head: str
    log: str


POSTING = {
    step: Scene(((step, 1),))
    for step in (
        "before outbox.claim",
        "inside outbox.claim",
        "after outbox.claim",
        "inside outbox.intend",
        "after outbox.intend",
        "before messenger.post",
        "after messenger.post",
        "before outbox.sent",
        "inside outbox.sent",
        "after outbox.sent",
    )
}
EDITING = {
    "before messenger.edit": Scene((("before messenger.edit", 1),), edit=True),
    "after messenger.edit": Scene((("after messenger.edit", 1),), edit=True),
    "inside outbox.sent of the edit": Scene((("inside outbox.sent", 2),), edit=True),
}
POSTED = ("after messenger.post", 1)
TWICE = {
    "its head, then itself": Scene((POSTED, POSTED), reply=True),
    "the post, then the look for it": Scene((POSTED, ("after messenger.find", 1))),
    "the post, then the note of what was found": Scene((POSTED, ("inside outbox.sent", 1))),
}
SCENES = POSTING | EDITING | TWICE


@pytest.fixture(scope="module")
def endings(
    new_database: NewDatabase, nursery: Nursery, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Ending]]:
    """All scenes, played at the same time on databases and channels of their own."""
    folder = tmp_path_factory.mktemp("deaths")
    stage = rooms(len(SCENES))
    with slack(channels=stage, limits=Limits(tiers=False)) as people:

        def play(number: int) -> Ending:
            scene = list(SCENES.values())[number]
            return ending(people, nursery, new_database(), scene, stage[number].id, folder)

        yield dict(zip(SCENES, at_once(play, range(len(SCENES))), strict=True))


def ending(
    people: Slack, nursery: Nursery, url: str, scene: Scene, channel: str, folder: Path
) -> Ending:
    log = folder / f"{channel}.log"
    now = datetime.now(UTC)
    with Database(url, pool=1) as database:
        for one in scene.messages(channel):
            database.write(lambda books, one=one: books.outbox.put(one, now))  # type: ignore[misc]
        codes = [
            Plan("deliver", url, people.server.api_url, step, turn).child(nursery, log).ended()
            for step, turn in scene.deaths
        ]
        codes.append(Plan("deliver", url, people.server.api_url).child(nursery, log).ended())
        unsent, _ = database.read(lambda books: books.outbox.backlog(datetime.now(UTC)))
    (head,) = people.heads(channel=channel)[:1]
    return Ending(
        codes,
        unsent,
        standing(people, channel),
        len(people.replies(head)),
        words(head),
        log.read_text(),
    )


def sound(ending: Ending, deaths: int) -> None:
    """It died where it was told to, a fresh process finished, nothing is left, nothing doubled."""
    assert ending.codes == [KILLED] * deaths + [0], ending.log
    assert ending.unsent == 0, ending.log
    assert set(ending.standing.values()) == {1}, ending.log


@pytest.mark.parametrize("step", POSTING)
def test_a_process_killed_while_it_posts_loses_nothing_and_repeats_nothing(
    step: str, endings: dict[str, Ending]
) -> None:
    sound(endings[step], deaths=1)
    assert endings[step].standing == {"episode:1": 1}


@pytest.mark.parametrize("step", EDITING)
def test_a_process_killed_while_it_edits_leaves_the_last_wording(
    step: str, endings: dict[str, Ending]
) -> None:
    sound(endings[step], deaths=1)
    assert "second" in endings[step].head


@pytest.mark.parametrize("steps", TWICE)
def test_death_after_death_says_it_once(steps: str, endings: dict[str, Ending]) -> None:
    sound(endings[steps], deaths=2)
    assert endings[steps].replies == int(SCENES[steps].reply)


def test_a_lost_answer_and_a_death_at_the_look_for_it_say_it_once(
    new_database: NewDatabase, nursery: Nursery, tmp_path: Path
) -> None:
    (room,) = rooms(1)
    with slack(channels=[room]) as people:
        people.space.faults.arm("chat.postMessage", Fault.DROP_AFTER_STORE)
        scene = Scene((("before messenger.find", 1),))
        sound(ending(people, nursery, new_database(), scene, room.id, tmp_path), deaths=1)
