"""How many examples a property is tried with."""

from typing import Any

from hypothesis import settings

USUAL = 100
"""What hypothesis tries when nobody says anything."""
LEAST = 5


def examples(count: int, **more: Any) -> settings:
    """`count` of them in a whole run; fewer in proportion where the profile asks for fewer."""
    asked = settings().max_examples
    return settings(max_examples=max(LEAST, count * asked // USUAL), deadline=None, **more)
