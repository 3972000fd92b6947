"""What the terminal shows of text that came from outside."""

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner

from bot.decide.catalog import Catalog
from bot.decide.policy import DEFAULT, Policy
from bot.entrypoints.plain import plain
from bot.entrypoints.terminal import counted, print_history, print_json, say
from bot.entrypoints.terminal_status import print_details, print_status
from bot.errors import ConfigError, Fault, RecordError, SourceError, UserError
from bot.wiring.commands import app, policies_of
from bot.wiring.complain import complaint

MARKUP = 'no series for path=~"[/v1]" in [prod]'
TITLE_BAR = "\x1b]0;owned\x07"


def console(width: int = 200) -> tuple[Console, io.StringIO]:
    out = io.StringIO()
    return Console(file=out, width=width, force_terminal=True, color_system=None), out


def row(**changes: Any) -> dict[str, Any]:
    plainly: dict[str, Any] = {
        "service": "ranker",
        "objective": "availability",
        "target": 0.999,
        "window": "28d",
        "remaining": 0.5,
        "burn": {"1h": 1.25},
        "verdict": "burning",
        "severity": "page",
        "reasons": [{"code": "source_fault", "text": MARKUP}],
        "frozen": True,
        "effect": "freeze",
    }
    return plainly | changes


def test_what_releases_are_under_stands_below_the_table() -> None:
    shown, out = console()
    rows = [row(service="a"), row(service="b", effect="hold"), row(service="c", effect="caution")]
    print_status(shown, [*rows, row(service="d", effect="")])
    told = out.getvalue().splitlines()[-3:]
    assert told == [
        "⛔ releases frozen: a",
        "⏸ new releases wait: b",
        "✋ each release needs one approval: c",
    ]


def test_a_figure_that_people_adjusted_says_so_and_gives_both() -> None:
    taken = {"seconds": 7_200, "left": -0.034, "bad": 10.0, "eligible": 100.0}
    shown, out = console()
    print_status(shown, [row(adjusted=taken), row(adjusted={**taken, "left": None}), row()])
    assert out.getvalue().splitlines()[4:6] == [
        "± ranker/availability: 2 h taken out; with it: overspent by 3.4%",
        "± ranker/availability: 2 h taken out; with it: nobody knows how much is left",
    ]


def test_a_figure_that_is_projected_says_so_and_since_when_it_was_counted() -> None:
    young = {"remaining": -104.7, "projected": 0.963, "since": "2026-03-03T11:00:00+00:00"}
    older = {**young, "projected": -0.05, "since": "2026-03-03T10:00:00+00:00"}
    shown, out = console()
    print_status(shown, [row(**young), row()])
    assert "~96.3%" in out.getvalue()
    assert "\n~ projected to a whole window: counted since Tue 3 Mar 2026, 11:00 UTC\n" in (
        out.getvalue()
    )
    narrow, out = console(40)
    print_status(narrow, [row(**young), row(**older)])
    assert "overspent by ~5.0%" in out.getvalue()
    assert "counted since Tue 3 Mar 2026, 10:00 UTC at the earliest\n" in out.getvalue()
    whole, out = console()
    print_status(whole, [row(projected=None, since=young["since"])])
    assert "~50.0%" not in out.getvalue()
    assert "projected" not in out.getvalue()


def test_brackets_in_names_and_reasons_are_shown_and_not_read_as_markup() -> None:
    shown, out = console()
    print_status(shown, [row(service="ranker[prod]")])
    assert MARKUP in out.getvalue()
    assert "ranker[prod] ⛔" in out.getvalue()
    assert "99.9 % in 28d" in out.getvalue()


@pytest.mark.parametrize(
    ("number", "noun", "said"),
    [
        (0, "objective", "0 objectives"),
        (1, "objective", "1 objective"),
        (2, "policy", "2 policies"),
        (1, "policy", "1 policy"),
    ],
)
def test_one_is_not_several(number: int, noun: str, said: str) -> None:
    assert counted(number, noun) == said


def test_a_closing_tag_in_the_title_of_a_service_is_only_text() -> None:
    shown, out = console()
    facts = {
        "title": "Ranker [/bold]",
        "environment": "[prod]",
        "team": "",
        "freezes": [
            {
                "scope": "service ranker",
                "reason": f"bad{TITLE_BAR}roll-out",
                "effect": "freeze",
                "monitored": False,
            }
        ],
        "objectives": [
            {
                "title": "a [b]",
                "verdict": "unknown",
                "left": None,
                "target": 0.999,
                "window": "28 days",
                "adjusted": {"seconds": 60, "left": 0.25},
                "reasons": [MARKUP],
                "forecast": {"unknown": MARKUP, "text": MARKUP},
                "windows": [
                    {"seconds": 3_600, "rate": None, "bad": 1.0, "eligible": 9.0, "coverage": 1.0}
                ],
            }
        ],
    }
    print_details(shown, facts)
    text = out.getvalue()
    assert "Ranker [/bold] [prod]" in text
    assert MARKUP in text
    assert "a [b]: unknown, nobody knows how much is left; target 99.9 % over 28 days" in text
    assert "1 min taken out; with it: 25.0% of the budget left" in text
    assert "\x1b]" not in text
    assert "bad ]0;owned roll-out" in text


def test_no_escape_sequence_of_a_reason_reaches_the_terminal() -> None:
    shown, out = console()
    event = {
        "seq": 1,
        "at": 0,
        "event": "warning_opened",
        "who": "U1",
        "who_name": f"eve{TITLE_BAR}",
    }
    about = {"about": "service ranker, latency", "grounds": "45.7 % of the budget left"}
    print_history(shown, [{**event, **about, "text": "\x9b2J[red]why\u202e"}])
    assert out.getvalue() == (
        f"     1  Thu 1 Jan 1970, 00:00 UTC   {'Warning opened':<22} service ranker, latency  "
        "eve ]0;owned: 2J[red]why (45.7 % of the budget left)\n"
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("two  spaces stay", "two  spaces stay"),
        ("a\nb", "a b"),
        ("\x1b[31mred", "[31mred"),
        ("👩\u200d🔬 naïve – ok", "👩\u200d🔬 naïve – ok"),
        ("\u202eabc\u202c", "abc"),
        ("a\u2028b", "a b"),
    ],
)
def test_plain_text_has_no_control_characters(text: str, shown: str) -> None:
    assert plain(text) == shown


def test_a_line_keeps_its_indent_and_is_not_wrapped() -> None:
    shown, out = console()
    say(shown, f"  {'x' * 300}")
    assert out.getvalue() == f"  {'x' * 300}\n"


def test_json_is_neither_wrapped_nor_coloured() -> None:
    shown, out = console()
    print_json(shown, [row()])
    assert json.loads(out.getvalue()) == [row()]


def test_without_objectives_the_table_says_what_to_do() -> None:
    shown, out = console()
    print_status(shown, [])
    assert "burnban init" in out.getvalue()
    assert "burnban check" in out.getvalue()


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (ConfigError([Fault("PORT", "", "is no number.", "See .env.example.")]), 2, "1 fault:"),
        (UserError("No such service.", "/budget show ranker"), 2, "For example: burnban show"),
        (RecordError("is busy"), 1, "The database: is busy"),
        (RecordError("the database x is busy"), 1, "The database x is busy"),
        (
            RecordError("the database x does not answer (connection refused)"),
            1,
            "The database x does not answer (connection refused). Check DATABASE_URL.",
        ),
        (SourceError("prom cannot be reached"), 1, "prom cannot be reached"),
    ],
)
def test_the_input_at_fault_ends_with_2_and_the_world_at_fault_with_1(
    error: Exception, code: int, words: str
) -> None:
    assert complaint(error)[0] == code
    assert words in complaint(error)[1]


def test_all_faults_are_told_at_once_each_on_its_line() -> None:
    faults = [Fault("a.yaml:1", "spec.x", "\x1b[2Jbad"), Fault("b.yaml:2", "", "worse", "Do so.")]
    assert complaint(ConfigError(faults)) == (
        2,
        "2 faults:\n  a.yaml:1: spec.x: [2Jbad\n  b.yaml:2: worse Do so.",
    )


def test_of_very_many_faults_two_hundred_are_listed_and_the_rest_counted() -> None:
    faults = [Fault(f"a.yaml:{n}", "", "bad") for n in range(1, 1_001)]
    _, text = complaint(ConfigError(faults))
    first, *listed, last = text.split("\n")
    assert (first, len(listed), last) == ("1000 faults:", 200, "  … and 800 more.")
    assert len(complaint(ConfigError(faults[:200]))[1].split("\n")) == 201


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is full")
@pytest.mark.parametrize("words", [["manifest", "--url", "https://x.example"], ["--help"]])
def test_a_full_disk_is_told_in_one_sentence(words: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "bot", *words],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    said = "Writing failed: No space left on device.\n"
    assert (done.returncode, done.stderr) == (1, said)


@pytest.mark.parametrize("port", ["-1", "65536", "99999"])
def test_a_port_that_cannot_be_is_refused_before_anything_starts(port: str) -> None:
    done = CliRunner().invoke(app, ["demo", "--port", port])
    assert done.exit_code == 2
    assert "Invalid value for '--port'" in done.output


def test_what_nobody_foresaw_has_no_code_and_keeps_its_traceback() -> None:
    assert complaint(ValueError("oops")) == (None, "")


@pytest.mark.parametrize("url", ["foo", "http://burnban.example"])
def test_a_manifest_for_an_address_that_slack_would_not_take_is_refused(url: str) -> None:
    done = CliRunner().invoke(app, ["manifest", "--url", url])
    assert isinstance(done.exception, UserError)
    assert complaint(done.exception)[0] == 2
    assert "--url must" in str(done.exception)
    assert done.output == ""


def test_the_built_in_policy_is_not_counted_as_one_of_theirs() -> None:
    own = Policy("strict", "4f1c")
    assert policies_of(Catalog(policies={"default": DEFAULT, "strict": own})) == (
        "1 policy of yours and the built-in default"
    )
    assert policies_of(Catalog(policies={"strict": own})) == "1 policy"
