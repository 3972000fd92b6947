"""What is read when a scheduled freeze begins."""

from tests.unit.rendered import RENDERER, read
from tests.unit.samples.freezes import SCHEDULED


def test_what_is_said_to_end_a_scheduled_freeze_sooner_cannot_lengthen_it() -> None:
    """`until 17:00`, read at 22:00 of a freeze until 06:00, is tomorrow's."""
    said = read(RENDERER.message("freeze_begun", SCHEDULED))
    assert "If it must end sooner: `/unfreeze " in said
    assert "/freeze edit" not in said
