"""What can be wrong on this machine: the database, its history, the templates, the port."""

from collections.abc import Collection, Iterator
from functools import partial

import httpx

from bot import record
from bot.config import Settings
from bot.errors import BurnbanError, ConfigError
from bot.notify.checkup import Check, check
from bot.wiring.chat import renderer
from bot.wiring.doctor_history import check_history
from bot.wiring.serve import listen


def check_house(settings: Settings, at_fault: Collection[str] = ()) -> Iterator[Check]:
    """Looks without touching; not at what rests on settings at fault."""
    running = _running(settings.port)
    if "DATABASE_URL" not in at_fault:
        yield from _database(settings)
    if "BURNBAN_TEMPLATES" not in at_fault:
        yield from _templates(settings)
    if "PORT" not in at_fault:
        yield _port(settings.port, running=running)


def _database(settings: Settings) -> Iterator[Check]:
    """Opening a SQLite file that is not there would make one."""
    url = settings.database_url.get_secret_value()
    try:
        waiting = record.pending(url)
    except BurnbanError as error:
        yield Check("database", False, f"{error} Check DATABASE_URL.")
        return
    if waiting:
        yield _to_migrate(url, waiting)
        return
    yield check("database", partial(_version, url), "Check DATABASE_URL.")
    yield Check("migrations", True, "at the present schema")
    yield from check_history(settings)


def _to_migrate(url: str, waiting: str) -> Check:
    """Where nothing is yet, whoever begins makes it; tables in use are changed by hand."""
    if not record.fresh(url):
        return Check("migrations", False, waiting)
    begun = waiting.replace("run `burnban migrate`", "the first `burnban poll` or `run` makes it")
    return Check("database", True, begun)


def _version(url: str) -> str:
    with record.Database(url) as database:
        found = database.check()
    holder = record.holder(url)
    return f"{found}, process {holder} works on it: a second one is refused" if holder else found


def _templates(settings: Settings) -> Iterator[Check]:
    own = settings.templates
    if own is not None and not own.is_dir():
        yield Check("templates", False, f"there is no folder {own}: check BURNBAN_TEMPLATES")
    faults = renderer(settings).faults()
    for fault in faults:
        yield Check("templates", False, f"{fault} (the built-in one is sent instead)")
    if not faults:
        yield Check("templates", True, f"all readable{f', {own} first' if own else ''}")


def _running(port: int) -> bool:
    """Whether it is a Burnban that has the port."""
    try:
        facts = httpx.get(f"http://127.0.0.1:{port}/healthz", timeout=2, trust_env=False).json()
    except (httpx.HTTPError, ValueError):
        return False
    return isinstance(facts, dict) and "unsent_messages" in facts


def _port(port: int, *, running: bool) -> Check:
    if running:
        return Check("PORT", True, f"{port} is answered by a Burnban")
    try:
        listen(port).close()
    except ConfigError as error:
        return Check("PORT", False, f"{error.faults[0].problem} Set another one.")
    return Check("PORT", True, f"{port} is free")
