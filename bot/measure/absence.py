"""Good events that have no series beside a total that does. Pure.

Pods that only ever fail never make a series of good events: then there are none, and that is what
an outage after a release looks like. But a series that nobody ever saw may be a slip of the pen.
"""

from collections.abc import Collection, Iterable

from bot.measure.selector import Selector


def proved_by(total: Collection[Selector], good: Iterable[Selector]) -> bool:
    """Whether the presence of the total proves that good events would have been scraped: they are
    among its own series."""
    return all(any(one.within(whole) for whole in total) for one in good)


def doubtful(total: Iterable[int], good: Collection[int], within: int) -> list[int]:
    """Slices (by index) with a total and no good events, nor any in the `within` slices before."""
    found: list[int] = []
    last = None
    for place in sorted(total):
        if place in good:
            last = place
        elif last is None or place - last > within:
            found.append(place)
    return found
