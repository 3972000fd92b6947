"""`versionLabel`: the label by which the metrics of an SLO tell versions apart."""

import re

from bot.judge.indicator import Counted, Labelled, Ratio, Recorded
from bot.judge.objective import Method
from bot.spec.nodes import Scalar
from bot.spec.sli import Counts, Sli
from bot.spec.spot import Record, Spot
from bot.spec.values import text

_LABEL = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
_TAKEN = ("__name__", "le")


def read_version_label(spec: Record, method: Method | None, sli: Sli | None) -> str:
    """Empty if there is none. What cannot be told apart is a fault: only counters of a Prometheus
    of which every event counts can be, and the rows of a file."""
    spot = spec.get("versionLabel")
    label = spec.read("versionLabel", _label)
    if spot is None or not label or method is None or sli is None:
        return ""
    if isinstance(sli, Counts) and isinstance(sli.indicator, Labelled | Counted):
        spot.fault("The rows of a feed bear their version themselves.", "Leave it out.")
        return ""
    if not _apart(sli) or method is not Method.OCCURRENCES:
        spot.fault(
            "Versions can only be told apart where counters of a Prometheus count every event.",
            "Use budgetingMethod: Occurrences and a ratio with counter: true, or leave it out.",
        )
        return ""
    return label


def _apart(sli: Sli) -> bool:
    if not isinstance(sli, Counts):
        return False
    if isinstance(sli.indicator, Recorded):
        return True
    counter = isinstance(sli.indicator, Ratio) and sli.indicator.counter
    return counter and sli.source.kind == "prometheus"


def _label(spot: Spot) -> str | None:
    found = text(spot)
    if found is None:
        return None
    if not isinstance(spot.node, Scalar) or not _LABEL.fullmatch(found) or found in _TAKEN:
        spot.fault(f"`{found}` is no name of a label.", "versionLabel: version")
        return None
    return found
