"""What can be wrong with the rotas that say who decides, looked at one by one."""

from collections.abc import Collection, Iterator, Mapping
from typing import Protocol

from bot.decide.people import Rota, RotaKind
from bot.errors import BurnbanError
from bot.notify.checkup import Check
from bot.ports import Directory


class Keeper(Protocol):
    """Who keeps rotas beside Slack."""

    def check(self) -> None: ...

    def name_of(self, rota: Rota) -> str: ...


def check_rotas(
    directory: Directory, rotas: Collection[Rota], keepers: Mapping[str, Keeper]
) -> Iterator[Check]:
    """Each account's key; that each schedule and policy exists; that everybody on call is known in
    Slack. Nobody on call just now is no fault: that is what fallbacks are for."""
    silent: set[str] = set()
    for name, keeper in keepers.items():
        line = _key(name, keeper)
        if not line.ok:
            silent.add(name)
        yield line
    for rota in rotas:
        if rota.kind is RotaKind.USERGROUP:
            yield _people(directory, rota, "")
        elif rota.account in keepers and rota.account not in silent:
            yield _kept(directory, rota, keepers[rota.account])


def _key(name: str, keeper: Keeper) -> Check:
    subject = f"PagerDuty {name}"
    try:
        keeper.check()
    except BurnbanError as error:
        return Check(subject, False, f"{error}: look at its tokenEnv and url")
    return Check(subject, True, "the key reads schedules")


def _kept(directory: Directory, rota: Rota, keeper: Keeper) -> Check:
    try:
        called = keeper.name_of(rota)
    except BurnbanError as error:
        return Check(str(rota), False, f"{error}: copy its id again")
    return _people(directory, rota, f"{called}: ")


def _people(directory: Directory, rota: Rota, called: str) -> Check:
    try:
        found = directory.found(rota)
    except BurnbanError as error:
        return Check(str(rota), False, f"{called}it cannot be asked who that is: {error}")
    if found.unknown:
        who = ", ".join(found.unknown)
        remedy = "add them to the Identities, or invite them"
        return Check(str(rota), False, f"{called}on call but not known in Slack: {who}; {remedy}")
    count = len(found.ids)
    people = "1 person" if count == 1 else f"{count} people"
    return Check(str(rota), True, f"{called}{people if count else 'nobody just now'}")
