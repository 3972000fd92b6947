"""Identities: which names in Slack, at code hosts, in mail and at the terminal are one person's."""

import re
from collections.abc import Callable, Iterable

from bot.decide.identity import EMAIL, GITHUB, GITLAB, TERMINAL, Identities, Identity, canonical
from bot.spec.alert_objects import spec_of
from bot.spec.documents import Document
from bot.spec.groups import matching, slack_user
from bot.spec.spot import Record, Spot, listing, record
from bot.spec.values import several

_EXAMPLE = "people: [{slack: U0123456, github: ada}]"
_EMAIL = re.compile(r"[^\s@<>,:]{1,64}@[^\s@<>,:]{1,255}")
_GITHUB = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")
_GITLAB = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,254}")
_TERMINAL = re.compile(r"[^\s:]{1,64}")


def _email(spot: Spot) -> str | None:
    found = matching(spot, _EMAIL, "an e-mail address", "Write it like ada@example.com.")
    return None if found is None else canonical(f"{EMAIL}:{found}")


def _github(spot: Spot) -> str | None:
    found = matching(spot, _GITHUB, "a GitHub login", "Write it without `@` and without a URL.")
    return None if found is None else canonical(f"{GITHUB}:{found}")


def _gitlab(spot: Spot) -> str | None:
    found = matching(spot, _GITLAB, "a GitLab username", "Write it without `@` and without a URL.")
    return None if found is None else canonical(f"{GITLAB}:{found}")


def _terminal(spot: Spot) -> str | None:
    remedy = "Write the name of the account in which `burnban` is typed."
    found = matching(spot, _TERMINAL, "a login name", remedy)
    return None if found is None else canonical(f"{TERMINAL}:{found}")


_READERS: dict[str, Callable[[Spot], str | None]] = {
    "slack": slack_user,
    "email": _email,
    "github": _github,
    "gitlab": _gitlab,
    "terminal": _terminal,
}


def read_identities(documents: Iterable[Document]) -> Identities:
    """Everybody of all Identities objects; an id in two rows is a fault."""
    seen: dict[str, Spot] = {}
    people: list[Identity] = []
    for document in documents:
        spec = spec_of(document, "description", "people")
        rows = (
            spec.need("people", listing, "people: [{slack: U0123456, github: ada}]") if spec else ()
        )
        for row in rows or ():
            fields = record(row, *_READERS)
            person = _person(fields, seen) if fields is not None else None
            if person is not None:
                people.append(person)
    return Identities.of(people)


def _person(fields: Record, seen: dict[str, Spot]) -> Identity | None:
    """The ids of one row, each with its place in `seen`."""
    found: dict[str, Spot] = {}
    written = 0
    for field, reader in _READERS.items():
        ids = fields.read(field, _placed(reader))
        for one, spot in ids or ():
            found.setdefault(one, spot)
        written += ids is not None
    for one, spot in found.items():
        first = seen.setdefault(one, spot)
        if first is not spot:
            called = one.partition(":")[2] or one
            spot.fault(f"`{called}` stands at {first.where} already.", "One person, one row.")
    if len(found) < 2 and written < 2:
        fields.spot.fault(
            "One name says nothing about who is who.", "Write two or more: {slack: …, github: …}."
        )
    return Identity(tuple(found)) if len(found) >= 2 else None


def _placed(
    reader: Callable[[Spot], str | None],
) -> Callable[[Spot], tuple[tuple[str, Spot], ...]]:
    """Reads one id or a list of them, each with its place."""

    def one(spot: Spot) -> tuple[str, Spot] | None:
        found = reader(spot)
        return None if found is None else (found, spot)

    return lambda spot: several(spot, one)
