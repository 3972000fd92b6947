"""What is said of a burn that begins again in an episode whose request was withdrawn."""

from dataclasses import replace

from bot.decide.episode import Level
from bot.judge.burn import Severity
from tests.flow.conftest import QUICK, World
from tests.flow.reading import read

NAME = "ranker/availability"


def severity(world: World) -> Severity | None:
    return world.answer().judged(world.catalog().scope("ranker"))[0].verdict.severity


def test_what_rises_again_after_a_withdrawal_is_not_said_to_be_worse_than_ever(
    world: World,
) -> None:
    world.policy = replace(QUICK, thresholds=(), resolve_after=100_000)
    world.history_of_calm()
    world.traffic(NAME, bad=100, minutes=10)
    while severity(world) is not Severity.TICKET:
        world.traffic(NAME, bad=0, minutes=5)
    seen = world.record.read(lambda books: books.standings.get([NAME])[NAME])
    assert seen.level is Level.PAGE
    left = replace(seen, level=Level.QUIET)  # as a withdrawal leaves it, once nothing burns
    world.record.write(lambda books: books.standings.put([left]))
    world.traffic(NAME, bad=0, minutes=1)
    world.deliver()
    (rise,) = [p for p in world.messenger.posted if p.key.startswith("episode:1:rose:1:")]
    assert "It got worse" not in read(rise)
    assert "is burning slowly but steadily already, and it burns again" in read(rise)
