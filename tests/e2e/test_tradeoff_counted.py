"""From counters and labels by version to a trade-off: one process, an API, a file, and Slack."""

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.playground.seed import SCIENTIST
from tests.e2e import specs
from tests.e2e.house import House
from tests.e2e.slack import slack, tells
from tests.e2e.waiting import until

HOUR = 3_600
LABELS = """---
apiVersion: openslo/v1
kind: DataSource
metadata: {name: labels}
spec: {type: push}
---
apiVersion: openslo/v1
kind: SLO
metadata: {name: accuracy, displayName: Right answers}
spec:
  service: ranker
  indicator: {quality: {feed: ranker-labels, of: accuracy}}
  timeWindow: [{duration: 28d, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{target: 0.9}]
"""


def written(at: int) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%FT%TZ}"


@pytest.fixture
def now() -> int:
    return int(time.time()) // HOUR * HOUR


@pytest.fixture
def house(tmp_path: Path, now: int) -> Iterator[House]:
    """Of 100 requests a minute 37 loses 0.2 % of 90, and 38 4 % of 10 in its three hours."""
    rows = []
    for at in range(now - 30 * HOUR, now + 2 * HOUR, 60):
        both = at > now - 3 * HOUR
        rows.append(f"{written(at)},ranker/availability,100,{0.58 if both else 0.2}\n")
        if both:
            rows.append(f"{written(at)},ranker/availability@37,90,0.18\n")
            rows.append(f"{written(at)},ranker/availability@38,10,0.4\n")
    folder = specs.from_file(tmp_path / "slos", "".join(rows))
    spec = folder / "ranker.yaml"
    mine = spec.read_text().replace("  service: ranker\n", "  service: ranker\n  versionLabel: v\n")
    spec.write_text(mine + LABELS)
    with slack() as people:
        yield House(tmp_path, folder, f"sqlite:///{tmp_path / 'burnban.db'}", people)


def labels(now: int, version: str, hours: int, right: int, wrong: int) -> list[dict[str, object]]:
    return [
        {"start": written(at - HOUR), "end": written(at), "version": version,
         "tp": right, "fp": wrong, "fn": 0, "tn": 0}
        for at in range(now - (hours - 1) * HOUR, now + 1, HOUR)
    ]  # fmt: skip


def weighed(house: House) -> dict[str, Any] | None:
    """What it rests on, by objective; None as long as a side is missing."""
    (facts,) = house.json("tradeoff", "ranker", "38")
    rows = {row["objective"]: row["evidence"] for row in facts["rows"]}
    return {"missing": facts["missing"], "rows": rows} if len(rows) == 2 else None


def counts(evidence: str) -> list[float]:
    """Bad and all of the one, bad and all of the other."""
    found = re.match(r"([\d.,]+) of ([\d,]+) bad with 38, ([\d.,]+) of ([\d,]+) with 37", evidence)
    assert found is not None, evidence
    return [float(word.replace(",", "")) for word in found.groups()]


def test_a_trade_off_has_requests_and_answers_side_by_side_from_counts_by_version(
    house: House, now: int
) -> None:
    for words in (("37", "at", written(now - 30 * HOUR)),
                  ("38", "share", "10%", "at", written(now - 3 * HOUR))):  # fmt: skip
        done = house.say("released", "ranker", *words)
        assert done.returncode == 0, done.stderr
    token = house.say("token", "create", "labels", "--scope", "slices:push:ranker").stdout.strip()
    early = [*labels(now, "37", 24, 880, 120), *labels(now, "38", 3, 50, 10)]
    late = labels(now, "38", 3, 97, 10)
    with house.run() as process:
        api = f"http://127.0.0.1:{house.port}/v1/slices"
        bearer = {"Authorization": f"Bearer {token}"}
        for rows in (early, late):
            body = {"feed": "ranker-labels", "slices": rows}
            said = httpx.post(api, json=body, headers=bearer, trust_env=False)
            assert said.status_code == 200, process.log
        known = until(lambda: weighed(house), "both sides of the trade-off", 60.0)
        told = house.slack.command(SCIENTIST.id, "/budget tradeoff ranker 38")
        canary = house.slack.command(SCIENTIST.id, "/budget canary ranker")
    assert known["missing"] == ""
    assert "30 of 321 bad with 38, 360 of 3,000 with 37" in known["rows"]["accuracy"]
    tells(told, known["rows"]["accuracy"])
    bad, eligible, bad0, eligible0 = counts(known["rows"]["availability"])
    assert eligible0 == 9 * eligible  # how much that is, the minute of the hour decides
    assert (bad / eligible, bad0 / eligible0) == (pytest.approx(0.04), pytest.approx(0.002))
    tells(told, "Requests that succeed")
    tells(canary, "30 of 321 against 360 of 3,000")
