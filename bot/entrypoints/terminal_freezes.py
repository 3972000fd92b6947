"""Freezes in the terminal, in plain text."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console

from bot.entrypoints.terminal import say
from bot.judge.dates import instant


def print_freezes(console: Console, facts: Mapping[str, Any]) -> None:
    """All that stand, those in force first: two lines each; then those that are asked for."""
    if not facts["rows"]:
        console.print("No freeze stands, and none is scheduled.")
    for row in facts["rows"]:
        since, until = _at(row["since"]), _until(row)
        place = f"{row['id']:>5}  {_state(row):<9}  {row['scope']}"
        say(console, f"{place}, from {since} {until}{_more(row)}")
        say(console, f"{'':18}{_who(row)}: {row['reason']}")
    for one in facts["asked"]:
        place = f"{'asked':>5}  request {one['id']}  {one['scope']}"
        say(console, f"{place}, to be decided until {_at(one['expires'])}; releases go on")
        say(console, f"{'':18}{one['by_name']}: {one['reason']}")


def _who(row: Mapping[str, Any]) -> str:
    """Who set it, or asked for it, and who approved."""
    if not row["approvals"]:
        return str(row["by_name"])
    asked = "asked for by the policy" if row["origin"] == "policy" else row["by_name"]
    names = [str(vote["name"] or vote["user"]) for vote in row["approvals"]]
    return f"{asked}, approved by {', '.join(names)}"


def _state(row: Mapping[str, Any]) -> str:
    mild = f" ({row['effect']})" if row["effect"] != "freeze" else ""
    return f"{row['state']}{mild}{', only watched' if row['monitored'] else ''}"


def _until(row: Mapping[str, Any]) -> str:
    if row["until"]:
        return f"until {_at(row['until'])}"
    return f"until {row['cause']} has recovered" if row["cause"] else "until somebody lifts it"


def _at(seconds: int) -> str:
    return instant(seconds)


def _more(row: Mapping[str, Any]) -> str:
    return f" (and {row['more']} more)" if row.get("more") else ""


def print_preview(console: Console, facts: Mapping[str, Any]) -> None:
    """What a freeze would touch."""
    names = facts["services"]
    say(console, f"A freeze of {facts['scope']} would stop releases of {_count(names)}:")
    for name in names:
        say(console, f"  {name}{' (stopped already)' if name in facts['stopped'] else ''}")
    for team in facts["teams"]:
        deciders = ", ".join(team["deciders"]) or "nobody"
        where = team["channel"] or "no channel"
        say(console, f"team {team['title']}, {where}; its approvers: {deciders}")
    for release in facts["releases"]:
        say(console, _under_way(release))
    for freeze in (*facts["standing"], *facts["coming"]):
        line = f"{_state(freeze)}: freeze {freeze['id']} of {freeze['scope']}, {_until(freeze)}"
        say(console, f"{line}: {freeze['reason']}{_more(freeze)}")
    for request in facts["requests"]:
        line = f"open: request {request['id']} to {request['act']} {request['scope']}"
        say(console, f"{line}, by {request['by_name']}: {request['reason']}")
    takes, lifting = _people(facts["takes"]), _people(facts["lifting"])
    say(console, f"Setting it takes {takes}, lifting it {lifting}.")


def _under_way(release: Mapping[str, Any]) -> str:
    what = f"on its way: {release['release']} of {', '.join(release['services'])}"
    if release["override"]:
        return f"{what}, by override {release['override']}, which does not cover a new freeze"
    by = f", started by {release['who']}" if release["who"] else ""
    return f"{what}, waits at {release['place']} for {release['environment']}{by}"


def _count(names: Sequence[str]) -> str:
    return "1 service" if len(names) == 1 else f"{len(names)} services"


def _people(needed: str) -> str:
    """`1` becomes `1 approval`; `2 data-science-leads` stays."""
    if not needed.isdecimal():
        return needed
    return "1 approval" if needed == "1" else f"{needed} approvals"
