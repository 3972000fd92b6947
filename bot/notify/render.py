"""The Renderer: facts and a template in, a message or view that Slack takes out."""

import logging
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import jinja2
import yaml

from bot.errors import Refused
from bot.notify import sizes
from bot.notify.environment import escaping, verbatim
from bot.notify.fit import fit_blocks, fit_text, fit_view, words_of
from bot.notify.limits import LimitError, check_message, check_view
from bot.notify.reading import Jinja, MalformedError, read
from bot.notify.template import Branch, Facts
from bot.ports.tell import Rendered

MESSAGE, VIEW = "message.yaml", "view.yaml"

_log = logging.getLogger(__name__)
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_Made = TypeVar("_Made")
_BROKEN = (
    MalformedError,
    LimitError,
    jinja2.TemplateError,
    yaml.YAMLError,
    OSError,
    TypeError,
    ValueError,
    ArithmeticError,
    LookupError,
    AttributeError,
    RecursionError,
)
"""All that a wrong template can come to."""


class TemplateRenderer:
    """Renders from folders of templates, the first that has one wins: a user's own folder first,
    the built-in one last. A broken template falls back to the next folder's; the log tells once.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        self._shelves = [_Shelf(folders[index:]) for index in range(len(folders))]
        self._told: set[tuple[Path, str]] = set()

    def message(self, template: str, facts: Facts) -> Rendered:
        """A message, fitted into Slack's limits and checked. Raises Refused("template") if no
        folder has a template that works for these facts."""
        return self._render(template, MESSAGE, lambda branch: _message(branch, facts))

    def view(self, template: str, facts: Facts) -> Mapping[str, Any]:
        """A modal, likewise."""
        return self._render(template, VIEW, lambda branch: _view(branch, facts))

    def faults(self) -> list[str]:
        """Every template file of every folder that cannot be read, and why."""
        found = []
        for shelf in self._shelves:
            for path in sorted(shelf.folder.glob("*/*.yaml")):
                try:
                    shelf.load(path)
                except _BROKEN as wrong:
                    found.append(f"{path}: {_why(wrong)}")
        return found

    def _render(self, name: str, file: str, make: Callable[[Branch], _Made]) -> _Made:
        why = "there is no such template"
        if not _NAME.fullmatch(name):
            raise Refused("template", f"{name!r}: {why}")
        for shelf in self._shelves:
            path = shelf.folder / name / file
            if not path.is_file():
                continue
            try:
                return make(shelf.load(path))
            except _BROKEN as wrong:
                why = _why(wrong)
                self._tell(path, why)
        raise Refused("template", f"{name}: {why}")

    def _tell(self, path: Path, why: str) -> None:
        if (path, why) not in self._told and len(self._told) < 1_000:
            self._told.add((path, why))
            _log.warning("template %s does not work and is passed over: %s", path, why)


class _Shelf:
    """One folder; its templates may include what the folders after it hold."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self.folder = folders[0]
        self._folders = folders
        self._jinja: Jinja | None = None
        self._read: dict[Path, Branch] = {}

    def load(self, path: Path) -> Branch:
        """A template, read once."""
        if path not in self._read:
            if self._jinja is None:
                self._jinja = Jinja(escaping(self._folders), verbatim(self._folders))
            self._read[path] = read(path.read_text(encoding="utf-8"), self._jinja)
        return self._read[path]


def _message(branch: Branch, facts: Facts) -> Rendered:
    filled = branch.fill(facts)
    blocks = fit_blocks(filled.get("blocks") or [], sizes.BLOCKS["message"])
    text = fit_text(str(filled.get("text", ""))) or fit_text(next(words_of(blocks), "Burnban"))
    check_message(text, blocks)
    return Rendered(text, tuple(blocks))


def _view(branch: Branch, facts: Facts) -> Mapping[str, Any]:
    view = fit_view(branch.fill(facts))
    check_view(view)
    return view


def _why(wrong: BaseException) -> str:
    place = f"line {wrong.lineno}: " if isinstance(wrong, jinja2.TemplateSyntaxError) else ""
    return f"{place}{' '.join(str(wrong).split()) or type(wrong).__name__}"
