"""An outage of a source: it leaves many objectives without an answer, and is told once for all."""

from collections import Counter
from collections.abc import Mapping


def cut_off(faults: Mapping[str, str], *, answered: bool) -> frozenset[str]:
    """The objectives whose missing answer is the source's doing, not their own: all, if it answered
    nobody; else those that share their fault with another one. A single one without an answer
    stands for itself. `faults`: why each of them has none; `answered`: whether others have one."""
    shared = Counter(faults.values())
    all_of_them = len(faults) > 1 and not answered
    return frozenset(name for name, why in faults.items() if all_of_them or shared[why] > 1)
