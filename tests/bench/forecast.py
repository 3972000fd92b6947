"""Forecasts of many objectives for a week ahead, with the score of sixty matured ones each: rolling
windows of 30 days, a fifth with a calendar month instead; some exhausted, some about to be.

    python -m tests.bench.forecast [--objectives 1000]

1,000 objectives, 3,561 rows each: 0.6 s (2 cores, Python 3.11, x86_64; limit: 2 s).
"""

import argparse
import random
import time

from bot.judge.forecast import Forecast, forecast
from bot.judge.ledger import Balances, Slice
from bot.judge.score import Issued, Outcome, score
from bot.judge.thinning import keeps
from tests.bench.ground import DAY, WINDOW, machine
from tests.builders import account, calendar, objective

END = 1_772_452_800
MINUTE = 60
ACCOUNTS = 50
"""Different accounts; the objectives take them in turn."""


def main() -> None:
    """Fill, then look ahead."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--objectives", type=int, default=1_000)
    count = parser.parse_args().objectives
    kept = [at for at in range(END - 2 * WINDOW, END + 1, MINUTE) if keeps(at, END, MINUTE)]
    accounts = [_account(kept, n) for n in range(ACCOUNTS)]
    rolling, monthly, record = objective(), objective(window=calendar()), _record()
    begun, cpu = time.perf_counter(), time.process_time()
    found = []
    for n in range(count):
        one, balances = monthly if n % 5 == 4 else rolling, accounts[n % ACCOUNTS]
        found.append(forecast(one, balances, kept[0], END, 7 * DAY, score(record)))
    wall, cpu = time.perf_counter() - begun, time.process_time() - cpu
    told = [one for one in found if isinstance(one, Forecast)]
    gone = sum(one.left <= 0 for one in told)
    print(
        f"{len(told)} forecasts, {len(kept)} rows each: {wall:.2f} s wall, {cpu:.2f} s CPU; {gone} "
        f"exhausted, {sum(one.gone is not None for one in told)} expected to be; {machine()}"
    )


def _record() -> list[Outcome]:
    chance = random.Random(1)
    given = Issued(END - 8 * DAY, END - DAY, 0.5, 0.4, 0.7, 0.1, 1.0)
    return [Outcome(given, chance.gauss(0.5, 0.1), exhausted=False) for _ in range(60)]


def _account(kept: list[int], seed: int) -> Balances:
    chance = random.Random(seed)
    share = 0.0012 if seed % 10 == 0 else chance.uniform(0.0001, 0.0009)
    pieces, before = [], kept[0]
    for at in kept[1:]:
        eligible = 120.0 * (at - before) / MINUTE
        if seed % 10 == 1:
            share = 0.0002 if at < END - 10 * DAY else 0.0024
        bad = max(0.0, chance.gauss(eligible * share, (eligible * share) ** 0.5))
        pieces.append(Slice(at, eligible, bad, at - before))
        before = at
    return account(pieces)


if __name__ == "__main__":
    main()
