"""GitLab: who put which label on the merge request that made a commit, and who of them maintains
the project. Sources: docs.gitlab.com/api (commits, resource_label_events, members)."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.decide.label import LabelEvent, Merged
from bot.errors import Refused, Unclear
from bot.notify.hosts.wire import Answer, segment

_ACTIONS = {"add": True, "remove": False}
_MAINTAINER = 40
"""GitLab's number for the role; owners have more."""
_PAGE, _PAGES = 100, 20


@dataclass(frozen=True)
class MergeLabels:
    """Looks in one project. `base`: its path in the API; `get`: asks that."""

    place: str
    base: str
    get: Callable[[str, Mapping[str, str | int]], Answer]

    def merged(self, sha: str, labels: Collection[str]) -> list[Merged]:
        """The merge requests that bear one of the labels and whose merge made this very commit."""
        rows = self.get(f"{self.base}/repository/commits/{segment(sha)}/merge_requests", {}).rows()
        wanted = {label.casefold() for label in labels}
        return [self._merged(row, wanted) for row in rows if _made(row, sha, wanted)]

    def _merged(self, row: Mapping[str, Any], wanted: Collection[str]) -> Merged:
        number = str(row.get("iid"))
        merger = row.get("merge_user") or row.get("merged_by") or {}
        rows = list(self._pages(f"{self.base}/merge_requests/{segment(number)}"))
        events = list(_events(rows, wanted))
        named = [merger, *(one.get("user") or {} for one in rows)]
        asked = {str(merger.get("username", "")), *(one.who for one in events)}
        people = {_name(one): one.get("id") for one in named if _name(one) in asked}
        maintain = frozenset(name for name, id in people.items() if self._maintains(id))
        at = _at(row["merged_at"])
        return Merged(f"{self.place}!{number}", _name(merger), at, events, maintain)

    def _pages(self, request: str) -> Iterator[Mapping[str, Any]]:
        for page in range(1, _PAGES + 1):
            path = f"{request}/resource_label_events"
            rows = self.get(path, {"per_page": _PAGE, "page": page}).rows()
            yield from rows
            if len(rows) < _PAGE:
                return

    def _maintains(self, person: object) -> bool:
        """Members of groups above count, too."""
        try:
            said = self.get(f"{self.base}/members/all/{segment(str(person))}", {}).table()
        except Refused as error:
            if error.code != "not_found":
                raise
            return False
        level = said.get("access_level")
        active = said.get("state", "active") == "active"
        return isinstance(level, int) and level >= _MAINTAINER and active


def _made(row: Mapping[str, Any], sha: str, wanted: Collection[str]) -> bool:
    names = {str(one).casefold() for one in row.get("labels") or ()}
    made = {row.get("merge_commit_sha"), row.get("squash_commit_sha"), row.get("sha")}
    return bool(row.get("merged_at")) and sha in made and not names.isdisjoint(wanted)


def _events(rows: Iterable[Mapping[str, Any]], wanted: Collection[str]) -> Iterator[LabelEvent]:
    for row in rows:
        on = _ACTIONS.get(str(row.get("action")))
        label = str((row.get("label") or {}).get("name", ""))
        if on is not None and label.casefold() in wanted:
            yield LabelEvent(label, _name(row.get("user") or {}), _at(row.get("created_at")), on)


def _name(person: Mapping[str, Any]) -> str:
    return str(person.get("username", ""))


def _at(said: object) -> datetime:
    try:
        return datetime.fromisoformat(str(said)).astimezone(UTC)
    except ValueError as error:
        raise Unclear("answered with a time that is none") from error
