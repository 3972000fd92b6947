"""Composition objects: text, option, option group, confirm dialog."""

from __future__ import annotations

from typing import Any

from bot.playground.model import Json
from bot.playground.rules.report import Report

PLAIN = ("plain_text",)
ANY_TEXT = ("plain_text", "mrkdwn")


def text(report: Report, at: str, value: Any, most: int, kinds: tuple[str, ...] = ANY_TEXT) -> None:
    if not report.is_object(at, value):
        return
    if not report.is_one_of(f"{at}/type", value.get("type"), kinds):
        return
    own = "emoji" if value["type"] == "plain_text" else "verbatim"
    report.has_fields(at, value, "text", own)
    if own in value:
        report.is_flag(f"{at}/{own}", value[own])
    if "text" in value:
        report.is_string(f"{at}/text", value["text"], most)


def plain(report: Report, at: str, holder: Json, field: str, most: int) -> None:
    """An optional plain text field of `holder`."""
    if field in holder:
        text(report, f"{at}/{field}", holder[field], most, PLAIN)


def identifier(report: Report, at: str, holder: Json, field: str, most: int = 255) -> None:
    if field in holder:
        report.is_string(f"{at}/{field}", holder[field], most)


def option(report: Report, at: str, value: Any, kinds: tuple[str, ...] = PLAIN) -> None:
    if not report.is_object(at, value):
        return
    report.has_fields(at, value, "text value", "description url")
    if "text" in value:
        text(report, f"{at}/text", value["text"], 75, kinds)
    identifier(report, at, value, "value", 150)
    identifier(report, at, value, "url", 3000)
    if "description" in value:
        text(report, f"{at}/description", value["description"], 75, kinds)


def options(report: Report, at: str, value: Any, most: int, kinds: tuple[str, ...] = PLAIN) -> None:
    if not report.is_list(at, value, most):
        return
    for index, entry in enumerate(value):
        option(report, f"{at}/{index}", entry, kinds)


def option_groups(report: Report, at: str, value: Any) -> None:
    if not report.is_list(at, value, 100):
        return
    for index, group in enumerate(value):
        here = f"{at}/{index}"
        if report.is_object(here, group):
            report.has_fields(here, group, "label options", "")
            plain(report, here, group, "label", 75)
            options(report, f"{here}/options", group.get("options"), 100)


def confirm(report: Report, at: str, value: Any) -> None:
    if not report.is_object(at, value):
        return
    report.has_fields(at, value, "title text confirm deny", "style")
    plain(report, at, value, "title", 100)
    plain(report, at, value, "confirm", 30)
    plain(report, at, value, "deny", 30)
    if "text" in value:
        text(report, f"{at}/text", value["text"], 300)
    if "style" in value:
        report.is_one_of(f"{at}/style", value["style"], ("primary", "danger"))
