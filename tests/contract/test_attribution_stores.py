"""Over every store: what releases burned and what is nobody's is what the budget lost."""

from fractions import Fraction

from bot.decide.noted import Word
from bot.decide.people import Actor, Door
from bot.decide.release import NoteKind
from bot.flow.attributing import Attributed, attributed, releases_of
from bot.flow.gate.note import NoteRelease
from bot.ports import Books, Record
from tests.builders import DAY, HOUR, when
from tests.flow.conftest import World

pytest_plugins = ["tests.record_stores"]
CI = Actor("token:1", "ci", Door.API)


def test_the_burn_of_all_releases_and_what_is_nobodys_is_the_consumption(record: Record) -> None:
    world = World(record)  # type: ignore[arg-type] # any record will do
    world.history_of_calm(bad=0.013)
    flow = NoteRelease(record, world.clock, world.catalog)
    now = int(world.clock.now().timestamp())
    for version, kind, ago, share in (
        ("36", NoteKind.BEGAN, 20 * DAY, None),
        ("37", NoteKind.SHARE, 9 * DAY, Fraction(1, 3)),
        ("37", NoteKind.BEGAN, 8 * DAY, None),
        ("38", NoteKind.BEGAN, 5 * DAY + 1_234, None),
        ("38", NoteKind.ENDED, 3 * DAY, None),
        ("39", NoteKind.BEGAN, HOUR, None),
    ):
        flow.run(Word("ranker", version, kind, when(now - ago), share), CI)
    world.traffic("ranker/availability", 7.0, 12)

    def look(books: Books) -> list[Attributed]:
        (one,) = [o for o in world.objectives if o.service == "ranker"]
        since, _ = one.window.bounds(world.clock.now())
        return attributed(books, [one], releases_of(books, "ranker", since))

    (found,) = record.read(look)
    burned = sum((charge.burn for charge in found.charges), Fraction(0))
    assert [charge.release.version for charge in found.charges] == ["36", "37", "38", "39"]
    assert abs(burned + found.found.unattributed - found.found.consumed) < Fraction(1, 10**9)
    assert found.found.unattributed > 0
    verdict = next(j.verdict for j in world.answer().judged() if j.objective == found.objective)
    assert verdict.remaining is not None
    assert abs(1 - verdict.remaining - found.found.consumed) < Fraction(1, 10**9)
