"""The Directory: Slack for people and user groups, PagerDuty for who is on call."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Protocol

from bot.decide.catalog import Catalog, PagerSpec
from bot.decide.identity import EMAIL
from bot.decide.people import Person, Rota, RotaKind
from bot.decide.roster import Found
from bot.errors import Refused
from bot.notify.directory import SlackDirectory
from bot.notify.pagerduty import Contact
from bot.notify.stamp import asked


class Pager(Protocol):
    """What keeps on-call rotas elsewhere."""

    def on_call(self, rota: Rota) -> tuple[Contact, ...]: ...


class OnCallDirectory:
    """Asked live. People on call are known by their address: the identity map says who that is in
    Slack, or else Slack itself. Raises DeliveryError."""

    def __init__(
        self,
        slack: SlackDirectory,
        catalog: Callable[[], Catalog],
        pager: Callable[[PagerSpec], Pager],
        now: Callable[[], datetime],
    ) -> None:
        self._slack = slack
        self._catalog = catalog
        self._pager = pager
        self._now = now

    def person(self, user: str, /) -> Person:
        """Raises Refused("user_not_found") for nobody."""
        return self._slack.person(user)

    def found(self, rota: Rota, /) -> Found:
        """Whom the rota names at this moment, by their ids in Slack."""
        if rota.kind is RotaKind.USERGROUP:
            return self._slack.found(rota)
        account = self._catalog().pagers.get(rota.account)
        if account is None:
            raise Refused("no_account", f"no PagerDuty `{rota.account}` is in the spec files")
        people = {one: tuple(self._ids(one)) for one in self._pager(account).on_call(rota)}
        ids = frozenset(user for users in people.values() for user in users)
        unknown = tuple(one.email or one.name for one, users in people.items() if not users)
        return Found(ids, asked(rota, self._now()) + _beside(unknown), unknown)

    def _ids(self, contact: Contact) -> Iterator[str]:
        """Everything that this person is called in Slack."""
        if not contact.email:
            return
        known = self._catalog().person_of(f"{EMAIL}:{contact.email}")
        if known is not None and known.slack:
            yield from known.slack
        elif (user := self._slack.by_email(contact.email)) is not None:
            yield user


def _beside(unknown: tuple[str, ...]) -> str:
    return f", {len(unknown)} on call not known in Slack" if unknown else ""
