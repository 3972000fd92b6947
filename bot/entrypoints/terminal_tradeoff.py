"""A trade-off in the terminal."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console

from bot.entrypoints.terminal import say


def print_tradeoff(console: Console, facts: Mapping[str, Any]) -> None:
    """The answer, what it rests on, and what could not be weighed."""
    name = f"{facts['service']} {facts['version']}"
    if facts["ruling"] == "unknown":
        say(console, f"{name}: nothing can be weighed yet.")
    else:
        against = f", against {facts['beside']}" if facts["beside"] else ""
        say(console, f"{name}{against}: {facts['text']}")
    if fails := facts["fails"]:
        sure = f"the evidence is {fails['odds']}{_all_the_same(facts)}"
        say(console, f"It fails more than {fails['to']}: {sure}.")
    if facts["missing"]:
        say(console, f"Only what it costs was weighed: {facts['missing']}.")
    for row in facts["rows"]:
        say(console, f"  {row['title']}: {row['evidence']}")
    for row in facts["left_out"]:
        say(console, f"  not weighed: {row['title']}: {row['why']}")
    if facts["ruling"] == "unknown":
        say(console, f"Next: {_next(facts)}.")
    else:
        say(console, f"{_policy(facts)}. This is advice: nothing was decided.")


def _all_the_same(facts: Mapping[str, Any]) -> str:
    if facts["ruling"] != "accept" or facts["back"]:
        return ""
    return "; that counts failures alone, and by the team's price what it brings is worth them"


def _policy(facts: Mapping[str, Any]) -> str:
    price = facts["price"]
    answers = "1 wrong answer" if price == 1 else f"{price:g} wrong answers"
    return (
        f"By the team's policy {100 * facts['reserve']:g} % of every budget must be left, and one "
        f"lost request costs as much as {answers}"
    )


def _next(facts: Mapping[str, Any]) -> str:
    name = f"{facts['service']} {facts['version']}"
    said = "let it serve beside the version before it and tell Burnban (burnban released"
    told = f"{said} {name} share 10%)"
    if not facts["by_hand"]:
        return told
    line = f"burnban tradeoff {name} {facts['by_hand']}"
    return f"{told}, or give what you know by hand, in percentage points of what is good: {line}"
