"""Counts for specs that read them from a file: a service that has been failing for ten minutes."""

import time
from datetime import UTC, datetime
from pathlib import Path

from tests.e2e import specs


def burning(folder: Path) -> Path:
    """Specs with a row a minute: two hours past, half an hour to come."""
    now = int(time.time()) // 60 * 60
    lines = []
    for minute in range(-119, 30):
        at = datetime.fromtimestamp(now + 60 * minute, UTC)
        bad = 300 if minute > -10 else 0
        lines.append(f"{at:%FT%TZ},ranker/availability,600,{bad}\n")
    return specs.from_file(folder, "".join(lines))
