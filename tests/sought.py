"""An objective as a spec says it, asked of a real Prometheus."""

import time

from bot.judge.objective import Objective
from bot.judge.thinning import Stretch
from bot.measure import build
from bot.ports import Ask, Reading, Source
from bot.spec import load_texts

_TEXT = """\
apiVersion: openslo/v1
kind: DataSource
metadata: {{name: models}}
spec: {{type: Prometheus, connectionDetails: {{url: "{url}", scrapeInterval: 60s}}}}
---
apiVersion: openslo/v1
kind: SLO
metadata: {{name: slo}}
spec:
  service: ranker
  indicator: {{{indicator}}}
  timeWindow: [{{duration: 28d, isRolling: true}}]
  budgetingMethod: Occurrences
  objectives: [{{target: 0.99}}]
"""


def sought(url: str, indicator: str) -> tuple[Objective, Source]:
    """The objective of an `indicator`, and its source, which the caller closes."""
    text = _TEXT.format(url=url, indicator=indicator)
    catalog = load_texts({"a.yaml": text}, source_kinds=("prometheus",))
    (one,) = catalog.objectives
    return one, build(catalog.sources["models"], str, time.monotonic)


def read(url: str, indicator: str, since: int, until: int) -> Reading:
    """What there is between two instants, minute by minute."""
    one, source = sought(url, indicator)
    (reading,) = source.read([Ask(one, Stretch(since, until, 60), since)])
    source.close()
    return reading
