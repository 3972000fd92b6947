"""The specs in force and the sources they name; replaced as a whole when the files change."""

import logging
from collections.abc import Callable, Mapping
from pathlib import Path

from bot import clock as clocks
from bot import measure, spec
from bot.config import secret
from bot.decide.catalog import Catalog, SourceSpec
from bot.errors import BurnbanError, ConfigError, SpecError
from bot.ports import Source

log = logging.getLogger(__name__)


def load_specs(folder: Path) -> Catalog:
    """Read and check all spec files. Raises SpecError with every fault."""
    return spec.load(folder, source_kinds=measure.KINDS, check=measure.check_indicator)


class Live:
    """What is in force now. A new loading that fails leaves the old one in place."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._watch = spec.Watched(folder)
        self._catalog = load_specs(folder)
        self._sources = self._build(self._catalog.sources, {})
        self._told = ""

    def catalog(self) -> Catalog:
        """The specs in force."""
        return self._catalog

    def sources(self) -> Mapping[str, Source]:
        """The sources in force, by name."""
        return self._sources

    def changed(self) -> bool:
        """Whether the files differ from those last looked at."""
        return self._watch.changed()

    def reload(self, refuse: Callable[[SpecError | ConfigError], None]) -> bool:
        """Load anew; on faults the old specs stay and `refuse` hears why. True if replaced."""
        try:
            catalog = load_specs(self._folder)
            sources = self._build(catalog.sources, self._sources)
        except (SpecError, ConfigError) as error:
            log.warning("the changed specs are refused, the old ones stay: %s", error)
            refuse(error)
            return False
        stale = [s for name, s in self._sources.items() if sources.get(name) is not s]
        self._catalog, self._sources = catalog, sources
        for source in stale:
            source.close()
        log.info("specs loaded: %d objectives", len(catalog.objectives))
        return True

    def _build(
        self, specs: Mapping[str, SourceSpec], present: Mapping[str, Source]
    ) -> dict[str, Source]:
        old = self._catalog.sources if present else {}
        return {
            name: present[name]
            if name in present and old.get(name) == one
            else measure.build(one, secret, clocks.monotonic, self._folder)
            for name, one in specs.items()
        }

    def close(self) -> None:
        """Let go of all connections."""
        for source in self._sources.values():
            try:
                source.close()
            except BurnbanError as error:
                log.warning("closing %s: %s", source.name, error)
