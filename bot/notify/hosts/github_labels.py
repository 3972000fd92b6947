"""GitHub: who put which label on the pull request that made a commit, and who of them maintains the
repository. Sources: docs.github.com/rest (commits, issue events, collaborators)."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.decide.label import LabelEvent, Merged
from bot.errors import Refused, Unclear
from bot.notify.hosts.wire import Answer, path_of, segment

_EVENTS = {"labeled": True, "unlabeled": False}
_MAINTAINS = ("maintain", "admin")


@dataclass(frozen=True)
class PullLabels:
    """Looks in one repository. `get`: a page of its API; `pages`: all pages of a list."""

    place: str
    get: Callable[[str], Answer]
    pages: Callable[[str], Iterator[Mapping[str, Any]]]

    def merged(self, sha: str, labels: Collection[str]) -> list[Merged]:
        """The pull requests that bear one of the labels and whose merge made this very commit."""
        rows = self.get(f"{self._base}/commits/{segment(sha)}/pulls").rows()
        wanted = {label.casefold() for label in labels}
        return [self._merged(row, wanted) for row in rows if self._made(row, sha, wanted)]

    @property
    def _base(self) -> str:
        return f"/repos/{path_of(self.place)}"

    def _made(self, row: Mapping[str, Any], sha: str, wanted: Collection[str]) -> bool:
        """A commit of a fork may be part of a request elsewhere, of the same number."""
        names = {str(one.get("name", "")).casefold() for one in row.get("labels") or ()}
        home = ((row.get("base") or {}).get("repo") or {}).get("full_name", "")
        here = str(home).lower() == self.place.lower()
        made = bool(row.get("merged_at")) and row.get("merge_commit_sha") == sha
        return here and made and not names.isdisjoint(wanted)

    def _merged(self, row: Mapping[str, Any], wanted: Collection[str]) -> Merged:
        number = str(row.get("number"))
        pull = self.get(f"{self._base}/pulls/{segment(number)}").table()
        who = _login(pull.get("merged_by"))
        rows = self.pages(f"{self._base}/issues/{segment(number)}/events")
        events = list(_events(rows, wanted))
        people = {who, *(one.who for one in events)} - {""}
        maintain = frozenset(one for one in people if self._maintains(one))
        return Merged(f"{self.place}#{number}", who, _at(row["merged_at"]), events, maintain)

    def _maintains(self, who: str) -> bool:
        """A role of the organisation's own counts by what it lets people do."""
        try:
            path = f"{self._base}/collaborators/{segment(who)}/permission"
            said = self.get(path).table()
        except Refused as error:
            if error.code != "not_found":
                raise
            return False  # a bot, or somebody who has left
        given = (said.get("user") or {}).get("permissions") or {}
        return said.get("role_name") in _MAINTAINS or any(given.get(one) for one in _MAINTAINS)


def _events(rows: Iterable[Mapping[str, Any]], wanted: Collection[str]) -> Iterator[LabelEvent]:
    for row in rows:
        on = _EVENTS.get(str(row.get("event")))
        label = str((row.get("label") or {}).get("name", ""))
        if on is not None and label.casefold() in wanted:
            yield LabelEvent(label, _login(row.get("actor")), _at(row.get("created_at")), on)


def _login(person: Mapping[str, Any] | None) -> str:
    return str((person or {}).get("login", ""))


def _at(said: object) -> datetime:
    try:
        return datetime.fromisoformat(str(said)).astimezone(UTC)
    except ValueError as error:
        raise Unclear("answered with a time that is none") from error
