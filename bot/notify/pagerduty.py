"""Who is on call by a schedule or an escalation policy of PagerDuty, asked of its REST API."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pagerduty

from bot.decide.catalog import PagerSpec
from bot.decide.people import Rota, RotaKind
from bot.errors import ConfigError, DeliveryError, Refused, Unclear, Unreachable
from bot.notify.answers import AGAIN_AFTER
from bot.notify.pagerduty_line import Line

TIMEOUT = 5.0
"""Seconds for one question with all its pages."""
_PAGE = 100
_PAGES = 10
"""Nobody has a thousand people on call for one thing; a server that never ends is given up."""
_ODD = "answered with something that is no JSON of PagerDuty's"
_WORDS = {RotaKind.SCHEDULE: "schedule", RotaKind.ESCALATION: "escalation_policy"}
_PATHS = {RotaKind.SCHEDULE: "schedules", RotaKind.ESCALATION: "escalation_policies"}


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody on call, as PagerDuty knows them."""

    name: str
    email: str
    """Empty if it does not say."""


class PagerDuty:
    """One account, read only. `secrets` gives the key behind the name of a variable; it may raise
    ConfigError."""

    def __init__(
        self,
        spec: PagerSpec,
        secrets: Callable[[str], str],
        *,
        timeout: float = TIMEOUT,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._spec = spec
        self._secrets = secrets
        self._timeout = timeout
        self._monotonic = monotonic

    def on_call(self, rota: Rota) -> tuple[Contact, ...]:
        """Everybody who is on call now; of an escalation policy, at any level. Raises
        DeliveryError."""
        word = _WORDS[rota.kind]
        asked = {f"{word}_ids[]": [rota.id], "include[]": ["users"]}
        with self._line() as line:
            rows = list(_pages(lambda page: _get(line, "oncalls", {**asked, **page}), "oncalls"))
            # A server that overlooks the filter must not put everybody on call.
            mine = (_part(row, "user") for row in rows if _part(row, word).get("id") == rota.id)
            people = {_text(one, "id"): one for one in mine}
            return tuple(_contact(line, one) for one in people.values())

    def name_of(self, rota: Rota) -> str:
        """What PagerDuty calls the schedule or escalation policy. Raises Refused("not_found") if
        there is none of that id, and other DeliveryErrors."""
        with self._line() as line:
            answer = _get(line, f"{_PATHS[rota.kind]}/{rota.id}", {})
        return _text(_part(answer, _WORDS[rota.kind]), "name", "summary")

    def check(self) -> None:
        """Returns if the key may read schedules. Raises DeliveryError."""
        with self._line() as line:
            _get(line, "schedules", {"limit": 1})

    def _line(self) -> Line:
        try:
            token = self._secrets(self._spec.token_env)
        except ConfigError as error:
            fault = error.faults[0]
            raise Refused("no_key", f"{fault.where} {fault.problem}") from None
        return Line(self._spec.url, token, self._timeout, self._monotonic)


def _contact(line: Line, user: Mapping[str, Any]) -> Contact:
    """Of a user who came as a mere reference the rest is asked for."""
    if "email" not in user and user.get("id"):
        user = _part(_get(line, f"users/{user['id']}", {}), "user")
    return Contact(_text(user, "name", "summary"), _text(user, "email"))


def _get(line: Line, path: str, asked: Mapping[str, Any]) -> Mapping[str, Any]:
    # The library's own texts end in the last characters of the key: they go no further.
    try:
        answer = line.jget(f"/{path}", params=dict(asked))
    except pagerduty.Error as error:
        raise _judged(error) from None
    except RecursionError as error:
        raise Unclear(_ODD) from error
    if not isinstance(answer, Mapping):
        raise Unclear(_ODD)
    return answer


def _judged(error: pagerduty.Error) -> DeliveryError:
    if error.response is None:
        return Unreachable(str(error.__cause__), AGAIN_AFTER)
    status = int(error.response.status_code)
    said = {
        401: Refused("unauthorized", "PagerDuty does not know this key"),
        403: Refused("forbidden", "the key may not read who is on call"),
        404: Refused("not_found", "PagerDuty has none of this id"),
    }
    if status in said:
        return said[status]
    if 400 <= status < 500:
        return Refused(f"http_{status}")
    return Unclear(_ODD if status < 300 else f"HTTP {status}")


def _pages(
    ask: Callable[[Mapping[str, int]], Mapping[str, Any]], rows: str
) -> Iterator[Mapping[str, Any]]:
    """All rows of all pages."""
    offset = 0
    for _ in range(_PAGES):
        answer = ask({"limit": _PAGE, "offset": offset})
        found = answer.get(rows)
        if not isinstance(found, list) or not all(isinstance(row, Mapping) for row in found):
            raise Unclear(f"answered without {rows}")
        yield from found
        if answer.get("more") is not True or not found:
            return
        offset += len(found)
    raise Unclear(f"more than {_PAGES} pages of {rows}")


def _part(row: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = row.get(name)
    return found if isinstance(found, Mapping) else {}


def _text(row: Mapping[str, Any], *names: str) -> str:
    return next((str(row[name]) for name in names if row.get(name)), "")
