"""Releases in the terminal, in plain text."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.entrypoints.plain import plain
from bot.entrypoints.terminal import counted, say
from bot.judge.dates import instant
from bot.judge.verdict import span

Row = Mapping[str, Any]
_NOTHING = ("0.0%", "-0.0%")
_ENDS = {"rolled_back": "rolled back", "succeeded": "replaced", "ended": "ended"}


def print_seen(console: Console, rows: Sequence[Row], *, ungated: bool) -> None:
    """Releases that were seen going, and whether they asked."""
    if not rows:
        say(console, _ALL_ASKED if ungated else _NONE_SEEN)
        return
    table = Table("seen", "service", "release", "by", "source", "decision", box=None)
    for row in rows:
        cells = (_at(row["seen"]), row["service"], row["release"], row["who"], row["source"])
        table.add_row(*(Text(plain(cell)) for cell in (*cells, _gate_of(row))))
    console.print(table)


_ALL_ASKED = "No release went without the gate's word in this time, as far as anybody told."
_NONE_SEEN = (
    "No release was seen. Seen are those of the GitHub, GitLab and MLflow of the specs, and of"
    " clusters."
)


def _gate_of(row: Row) -> str:
    """What the gate said of what was seen going."""
    if row["stopped"]:
        return f"stopped by decision {row['stopped']}, went all the same"
    number = str(row["decision"]) if row["decision"] else "never asked"
    return f"{number}, without an answer" if row["why"] else number


def print_releases(console: Console, facts: Row) -> None:
    """A page of releases with what each did to the budgets."""
    rows = facts["rows"]
    if not rows:
        say(console, f"Nobody told of a release of {facts['scope']} in this time.")
        say(console, "Next: burnban released ranker 38, or let the pipeline ask the gate.")
        return
    for row in rows:
        say(console, ", ".join(_life(row)))
        say(console, f"    {_served(row)}")
        say(console, f"    {', '.join(_figures(row))}")
    for rest in facts["unattributed"]:
        if _share(rest["burn"]) not in _NOTHING:
            say(console, f"nobody's: {_share(rest['burn'])} of the budget of {rest['title']}")
    if facts["delivery"] is not None:
        say(console, f"last {facts['days']} days")
        print_delivery(console, facts["delivery"])
    if facts["pages"] > 1:
        pages = f"page {facts['page']} of {facts['pages']}"
        say(console, f"{pages}; the next: burnban releases {facts['filter']} --page …")


def _life(row: Row) -> list[str]:
    """Which, by whom, and how it ended."""
    by = [f"by {row['by']}"] if row["by"] else []
    return [f"{row['service']} {row['version']}", *by, *filter(None, [_ended(row)])]


def _served(row: Row) -> str:
    """From when to when."""
    began = _at(row["began"])
    return f"since {began}" if row["live"] else f"{began} to {_at(row['ended'])}"


def _figures(row: Row) -> list[str]:
    """What it did to the budget that it burned most of."""
    asked = _asked(row)
    if row["burn"] is None:
        return ["nothing was counted of it", asked]
    counts = f"{row['bad']:,.0f} of {row['eligible']:,.0f} bad"
    said = [f"burned {_share(row['burn'])} of the budget ({counts})"]
    if (caused := row["caused"]) is not None:
        said.append(_caused(caused))
    if (better := row["better"]) is not None:
        said.append(_better(better, f" for {better['title']}"))
    return [*said, asked]


def _asked(row: Row) -> str:
    if row["decision"]:
        return f"decision {row['decision']} of the gate"
    if row["stopped"]:
        stopped = f"asked the gate and was stopped (decision {row['stopped']})"
        return f"{stopped}; it went all the same"
    return "never asked the gate"


def _caused(caused: Row) -> str:
    """Of the budget; what was better has cost nothing of it."""
    if caused["high"] < 0:
        return _better(caused)
    low, high = _share(caused["low"]), _share(caused["high"])
    ends = "" if low == high else f" ({low} to {high})"
    return f"caused {_share(caused['share'])} of it{ends}"


def _better(one: Row, whom: str = "") -> str:
    return f"better{whom}: {_share(one['rate'])} bad instead of {_share(one['rate0'])}"


def _ended(row: Row) -> str:
    if row["live"]:
        said = "serves" if row["share"] == 1 else f"serves {_share(row['share'])}"
    else:
        said = _ENDS.get(row["end"], "")
    failed = row["outcome"] == "failed" and row["end"] != "rolled_back"
    return f"{said}, failed" if failed else said


def print_delivery(console: Console, figures: Row) -> None:
    """The four key figures."""
    for name, (title, words) in _FIGURES.items():
        one = figures[name]
        said = one["reason"] if one["value"] is None else words(one)
        say(console, f"  {title:18} {said}")


def _length(one: Row) -> str:
    return span(int(one["value"]))


_FIGURES: Mapping[str, tuple[str, Callable[[Row], str]]] = {
    "frequency": (
        "releases",
        lambda one: f"{counted(one['count'], 'release')}, {one['value']:.2g} a day",
    ),
    "failures": ("failed", lambda one: f"{_share(one['value'])} of {one['count']}"),
    "restore": ("to restore", _length),
    "lead": ("commit to release", _length),
}


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.1%}"


def _at(seconds: int) -> str:
    return instant(seconds)
