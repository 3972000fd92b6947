"""Whether everything is there that a start needs, before anything starts."""

from collections.abc import Callable, Iterator
from functools import partial

from bot import measure
from bot.config import Settings, need_slack, secret, sound_settings
from bot.decide.catalog import Catalog
from bot.errors import ConfigError, Fault, FaultyError
from bot.wiring.specs import load_specs


def ready(*, slack: bool, sources: bool) -> Settings:
    """The settings. With `slack` its tokens must be there, with `sources` the secrets that the
    specs name. Raises ConfigError with every fault at once, those of the spec files included."""
    settings, faults = sound_settings()
    at_fault = {fault.where for fault in faults}
    if slack:
        faults += [f for f in _faults(lambda: need_slack(settings)) if f.where not in at_fault]
    if "BURNBAN_SPECS" not in at_fault:
        faults += _faults(lambda: _demand(settings, sources=sources))
    if faults:
        raise ConfigError(faults)
    return settings


def _faults(look: Callable[[], None]) -> tuple[Fault, ...]:
    try:
        look()
    except FaultyError as error:
        return error.faults
    return ()


def _demand(settings: Settings, *, sources: bool) -> None:
    catalog = load_specs(settings.specs)
    unset = list(_unset(catalog)) if sources else []
    if unset:
        raise ConfigError(unset)


def _unset(catalog: Catalog) -> Iterator[Fault]:
    """Secrets of sources that cannot be had, each with the source that needs it."""
    for source in catalog.sources.values():
        for name in measure.variables(source):
            for fault in _faults(partial(_try, name)):
                needs = f"The source {source.name} needs it ({source.where})."
                yield Fault(fault.where, "", fault.problem, f"{needs} {fault.remedy}".strip())


def _try(name: str) -> None:
    secret(name)
