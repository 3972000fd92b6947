"""The specs in force and the sources they name; replaced as a whole when the files change."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot import clock as clocks
from bot import measure, spec
from bot.config import secret
from bot.decide.catalog import Catalog, SourceSpec
from bot.entrypoints.terminal import counted
from bot.errors import BurnbanError
from bot.ports import Place, Source

log = logging.getLogger(__name__)


def load_specs(folder: Path, policies: Path | None = None, everywhere: str = "") -> Catalog:
    """Read and check all spec files. `policies`, `everywhere`: as in `spec.load`. Raises SpecError
    with every fault."""
    return spec.load(
        folder,
        source_kinds=measure.KINDS,
        check=measure.check_indicator,
        policies=policies,
        everywhere=everywhere,
    )


def ownerless(catalog: Catalog) -> list[str]:
    """Services that no Team owns: nobody may decide about their releases."""
    return [name for name in catalog.services if catalog.team_of(name) is None]


@dataclass(frozen=True)
class Loaded:
    """Specs that were read and found sound, with their sources; not yet in force."""

    catalog: Catalog
    sources: Mapping[str, Source]


class Live:
    """What is in force now. It is replaced as a whole, once everything else has agreed."""

    def __init__(self, folder: Path, told: measure.Told | None = None) -> None:
        """`told`: gives what feeds have said."""
        self._folder = folder
        self._told = told
        self._watch = spec.Watched(folder)
        self._now = Loaded(Catalog(), {})
        self._now = self.load()

    def catalog(self) -> Catalog:
        """The specs in force."""
        return self._now.catalog

    def sources(self) -> Mapping[str, Source]:
        """The sources in force, by name."""
        return self._now.sources

    def places(self) -> Mapping[str, Place]:
        """Where feeds are fetched from, by the name of their source."""
        found = {name: measure.place_of(source) for name, source in self.sources().items()}
        return {name: place for name, place in found.items() if place is not None}

    def changed(self) -> bool:
        """Whether the files differ from those last looked at."""
        return self._watch.changed()

    def load(self) -> Loaded:
        """Read the files anew. Sources that are as before are kept. Raises SpecError or
        ConfigError."""
        catalog = load_specs(self._folder)
        return Loaded(catalog, self._build(catalog.sources))

    def replace(self, loaded: Loaded) -> list[Source]:
        """Put `loaded` in force; the sources that no longer serve, for the caller to close."""
        former, self._now = self._now, loaded
        log.info("specs in force: %s", counted(len(loaded.catalog.objectives), "objective"))
        kept = {id(source) for source in loaded.sources.values()}
        return [source for source in former.sources.values() if id(source) not in kept]

    def _build(self, specs: Mapping[str, SourceSpec]) -> dict[str, Source]:
        old, present = self._now.catalog.sources, self._now.sources
        return {
            name: present[name]
            if name in present and old.get(name) == one
            else measure.build(one, secret, clocks.monotonic, self._folder, self._told)
            for name, one in specs.items()
        }

    def close(self) -> None:
        """Let go of all connections."""
        retire(self._now.sources.values())


def retire(sources: Iterable[Source]) -> None:
    """Close sources; one that does not close does not keep the others."""
    for source in sources:
        try:
            source.close()
        except BurnbanError as error:
            log.warning("closing %s: %s", source.name, error)
