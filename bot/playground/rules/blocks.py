"""Blocks, one check each; `MESSAGE`, `MODAL` and `HOME` say which surface takes which."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.playground.model import Json
from bot.playground.rules import elements, objects
from bot.playground.rules.report import Report

Check = Callable[[Report, str, Json], None]


def _section(report: Report, at: str, b: Json) -> None:
    report.has_fields(at, b, "", "block_id text fields accessory expand")
    if "text" not in b and "fields" not in b:
        report.add(at, "missing required field: text or fields", "missing_field")
    if "text" in b:
        objects.text(report, f"{at}/text", b["text"], 3000)
    if "fields" in b and report.is_list(f"{at}/fields", b["fields"], 10):
        for index, entry in enumerate(b["fields"]):
            objects.text(report, f"{at}/fields/{index}", entry, 2000)
    if "accessory" in b:
        elements.element(report, f"{at}/accessory", b["accessory"], elements.ACCESSORIES)


def _header(report: Report, at: str, b: Json) -> None:
    report.has_fields(at, b, "text", "block_id level")
    objects.plain(report, at, b, "text", 150)


def _divider(report: Report, at: str, b: Json) -> None:
    report.has_fields(at, b, "", "block_id")


def _context(report: Report, at: str, b: Json) -> None:
    report.has_fields(at, b, "elements", "block_id")
    if not report.is_list(f"{at}/elements", b.get("elements"), 10):
        return
    for index, entry in enumerate(b["elements"]):
        here = f"{at}/elements/{index}"
        if isinstance(entry, dict) and entry.get("type") == "image":
            elements.image(report, here, entry)
        else:
            objects.text(report, here, entry, 2000)


def _actions(report: Report, at: str, b: Json) -> None:
    report.has_fields(at, b, "elements", "block_id")
    if not report.is_list(f"{at}/elements", b.get("elements"), 25):
        return
    for index, entry in enumerate(b["elements"]):
        elements.element(report, f"{at}/elements/{index}", entry, elements.ACTIONS)
    twins = [
        (f"{at}/elements/{index}/action_id", entry.get("action_id"))
        for index, entry in enumerate(b["elements"])
        if isinstance(entry, dict)
    ]
    report.no_twins(twins, "action_id")


def _input(report: Report, at: str, b: Json) -> None:
    report.has_fields(at, b, "label element", "block_id hint optional dispatch_action")
    objects.plain(report, at, b, "label", 2000)
    objects.plain(report, at, b, "hint", 2000)
    if "element" in b:
        elements.element(report, f"{at}/element", b["element"], elements.INPUTS)


def _image(report: Report, at: str, b: Json) -> None:
    elements.image(report, at, b)
    objects.plain(report, at, b, "title", 2000)


def _rich_text(report: Report, at: str, b: Json) -> None:
    report.has_fields(at, b, "elements", "block_id")
    report.is_list(f"{at}/elements", b.get("elements"), 1000, least=0)


def _markdown(report: Report, at: str, b: Json) -> None:
    report.has_fields(at, b, "text", "block_id")
    objects.identifier(report, at, b, "text", 12_000)


def _table(report: Report, at: str, b: Json) -> None:
    report.has_fields(at, b, "rows", "block_id column_settings")
    if report.is_list(f"{at}/rows", b.get("rows"), 100):
        for index, row in enumerate(b["rows"]):
            report.is_list(f"{at}/rows/{index}", row, 20)


def _data_table(report: Report, at: str, b: Json) -> None:
    own = "block_id page_size row_header_column_index column_settings default_sort"
    report.has_fields(at, b, "caption rows", own)
    if "caption" in b:
        report.is_string(f"{at}/caption", b["caption"], 2000)
    report.is_between(f"{at}/page_size", b.get("page_size", 5), 1, 100)
    if not report.is_list(f"{at}/rows", b.get("rows"), 101, least=2):
        return
    if len({len(row) for row in b["rows"] if isinstance(row, list)}) > 1:
        report.add(f"{at}/rows", "every row must have the same number of cells")


def _data_visualization(report: Report, at: str, b: Json) -> None:
    report.has_fields(at, b, "title chart", "block_id")
    objects.identifier(report, at, b, "title", 50)
    chart = b.get("chart")
    if "chart" in b and report.is_object(f"{at}/chart", chart):
        kinds = ("line", "bar", "area", "pie")
        report.is_one_of(f"{at}/chart/type", (chart or {}).get("type"), kinds)


def _alert(report: Report, at: str, b: Json) -> None:
    report.has_fields(at, b, "text", "block_id level")
    levels = ("default", "info", "warning", "error", "success")
    if "level" in b:
        report.is_one_of(f"{at}/level", b["level"], levels)


_EVERYWHERE: dict[str, Check] = {
    "section": _section,
    "header": _header,
    "divider": _divider,
    "context": _context,
    "actions": _actions,
    "input": _input,
    "image": _image,
    "rich_text": _rich_text,
}
MESSAGE: dict[str, Check] = {
    **_EVERYWHERE,
    "markdown": _markdown,
    "table": _table,
    "data_table": _data_table,
    "data_visualization": _data_visualization,
}
MODAL: dict[str, Check] = {**_EVERYWHERE, "alert": _alert}
HOME: dict[str, Check] = dict(_EVERYWHERE)


def check_blocks(report: Report, at: str, value: Any, most: int, allowed: dict[str, Check]) -> None:
    if not report.is_list(at, value, most, least=0):
        return
    for index, block in enumerate(value):
        _check_block(report, f"{at}/{index}", block, allowed)
    found = [block for block in value if isinstance(block, dict)]
    ids = [(f"{at}/{i}/block_id", block.get("block_id")) for i, block in enumerate(found)]
    report.no_twins(ids, "block_id")
    _check_counts(report, at, found)


def _check_block(report: Report, at: str, block: Any, allowed: dict[str, Check]) -> None:
    if not report.is_object(at, block):
        return
    kind = block.get("type")
    if kind is None:
        report.add(at, "missing required field: type", "missing_field")
    elif kind not in allowed:
        report.add(f"{at}/type", f"unsupported type: {kind}", "unsupported_type")
    else:
        objects.identifier(report, at, block, "block_id")
        allowed[kind](report, at, block)


def _check_counts(report: Report, at: str, found: list[Json]) -> None:
    kinds = [block.get("type") for block in found]
    if kinds.count("table") > 1:
        report.add(at, "only one table allowed", "only_one_table_allowed")
    if kinds.count("data_visualization") > 2:
        report.add(at, "no more than 2 data_visualization blocks allowed")
    prose = sum(len(str(b.get("text", ""))) for b in found if b.get("type") == "markdown")
    if kinds.count("markdown") > 1 and prose > 12_000:
        report.add(at, "markdown blocks must be less than 12001 characters together")
