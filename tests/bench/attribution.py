"""One budget window of 30 days divided among its releases: one every 86 minutes, half of them with
a canary beside the release before, a quarter with an account of their own.

    python -m tests.bench.attribution [--releases 500]

500 releases, 3,561 rows: 34 to 71 ms (2 cores, Python 3.11, x86_64; limit: 200 ms).
"""

import argparse
import random
import time
from collections.abc import Iterator

from bot.judge.attribution import attribute
from bot.judge.ledger import Balances, Slice
from bot.judge.release import Release
from bot.judge.thinning import keeps
from tests.bench.ground import DAY, WINDOW, machine
from tests.builders import account, objective

END = 1_772_452_800
MINUTE = 60


def main() -> None:
    """Divide five times, show the middle one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--releases", type=int, default=500)
    count = parser.parse_args().releases
    kept = [at for at in range(END - 2 * WINDOW, END + 1, MINUTE) if keeps(at, END, MINUTE)]
    balances, releases = _account(kept, 120.0, 0), list(_releases(count, kept))
    took = []
    for _ in range(5):
        begun = time.perf_counter()
        found = attribute(objective(), balances, balances.first.at, releases)
        took.append(time.perf_counter() - begun)
    assert found is not None
    print(
        f"{len(found.shares)} releases, {len(kept)} rows: {sorted(took)[2] * 1000:.0f} ms; "
        f"consumed {float(found.consumed):.3f}, unattributed {float(found.unattributed):.3f}; "
        f"{machine()}"
    )


def _releases(count: int, kept: list[int]) -> Iterator[Release]:
    every = WINDOW // count
    for n in range(count):
        began = END - WINDOW + n * every
        if n % 4 == 1:
            own = _account([at for at in kept if began - DAY <= at], 12.0, n)
            yield Release(f"v{n}", began, began + 2 * every, own=own)
        elif n % 4 == 3:
            yield Release(f"v{n}", began, began + every // 2, share=0.1)
        else:
            yield Release(f"v{n}", began)


def _account(kept: list[int], events: float, seed: int) -> Balances:
    chance = random.Random(seed)
    pieces, before = [], kept[0]
    for at in kept[1:]:
        eligible = events * (at - before) / MINUTE
        bad = float(chance.random() < eligible / 2_000)
        pieces.append(Slice(at, eligible, bad, at - before))
        before = at
    return account(pieces)


if __name__ == "__main__":
    main()
