"""A metric: which source it comes from, and what it asks there."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from bot.decide.catalog import SourceSpec
from bot.spec.index import Index
from bot.spec.nodes import Scalar
from bot.spec.promql import syntax_error
from bot.spec.source import is_served, written_kind
from bot.spec.spot import Record, Spot, itself, nearest, record, shorten
from bot.spec.values import text


@dataclass(frozen=True, slots=True)
class Metric:
    """A query to a source; for recorded counts the name of their series, empty if not given."""

    source: SourceSpec
    query: str
    spot: Spot
    sound: bool = True
    """False: its syntax is wrong, and has its fault."""


@dataclass(frozen=True, slots=True)
class Sources:
    """The declared sources. One that was declared wrongly is there as None: it has its fault
    already."""

    by_name: Mapping[str, SourceSpec | None]
    served: Collection[str]
    index: Index

    def metric(self, spot: Spot) -> Metric | None:
        """Read `{metricSource: {…}}`; None if it has a fault."""
        found = self.written(spot)
        return found if found is not None and found.sound else None

    def written(self, spot: Spot) -> Metric | None:
        """The same with a query whose syntax is wrong: what stands beside it is looked at too."""
        found = record(spot, "metricSource")
        if found is None:
            return None
        at = found.need("metricSource", itself, "metricSource: {metricSourceRef: …}")
        inner = record(at, "metricSourceRef", "type", "spec") if at is not None else None
        if inner is None:
            return None
        source = self.source(inner)
        if source is None and self._presumed(inner) == "prometheus":
            _query(inner, "prometheus")  # what is wrong there is told at once, too
        return _metric(inner, source) if source is not None else None

    def source(self, inner: Record) -> SourceSpec | None:
        """The one that `metricSourceRef` names, or the only one; a fault if there is none."""
        kind = inner.read("type", text)
        if kind is not None and not self._known(inner, kind):
            return None
        ref = inner.get("metricSourceRef")
        if ref is None:
            return self._only(inner, kind)
        if self.index.refer("DataSource", ref) is None:
            return None
        found = self.by_name.get(text(ref) or "")
        if found is not None and kind is not None and kind.lower() != found.kind:
            (inner.get("type") or inner.spot).fault(
                f"The DataSource `{found.name}` is of type {found.kind}, not {shorten(kind)}.",
                "Leave `type` out: the DataSource says it.",
            )
            return None
        return found

    def _presumed(self, inner: Record) -> str:
        """The type of a source that has a fault, in small letters: as the DataSource says, else as
        the metric says, else as all DataSources say; empty if nobody knows."""
        called = _plain(inner.get("metricSourceRef"))
        if called in self.by_name:
            return self._kind(called)
        kinds = {self._kind(name) for name in self.by_name}
        return _plain(inner.get("type")).lower() or (kinds.pop() if len(kinds) == 1 else "")

    def _kind(self, name: str) -> str:
        source = self.by_name[name]
        return source.kind if source is not None else self._said(name)

    def _known(self, inner: Record, kind: str) -> bool:
        """A type that nobody reads has its fault at the DataSource, where there is one."""
        ref = inner.read("metricSourceRef", text)
        if ref is not None and self.index.get("DataSource", ref) is not None:
            return True
        return is_served(inner.get("type") or inner.spot, kind, self.served)

    def _only(self, inner: Record, kind: str | None) -> SourceSpec | None:
        """Without a name, the source is the only one of its type."""
        what = f"DataSource of type {shorten(kind)}" if kind else "DataSource"
        fits = {
            name: source
            for name, source in self.by_name.items()
            if kind is None or kind.lower() == self._kind(name)
        }
        if len(fits) == 1:
            return next(iter(fits.values()))
        if fits:
            remedy = f"Name one in metricSourceRef. {nearest('', fits)}"
            inner.spot.fault(f"There is more than one {what}.", remedy)
        else:
            inner.spot.fault(f"There is no {what}.", "Add one, and name it in metricSourceRef.")
        return None

    def _said(self, name: str) -> str:
        """The type of a source that was declared wrongly."""
        document = self.index.get("DataSource", name)
        return written_kind(document) if document is not None else ""


def _metric(inner: Record, source: SourceSpec) -> Metric | None:
    if source.kind == "csv":
        spot = inner.get("spec")
        found = record(spot, "series") if spot is not None else None
        series = found.read("series", text) if found is not None else None
        at = found.get("series") if found is not None else None
        return Metric(source, series or "", at or inner.spot)
    read = _query(inner, source.kind)
    return Metric(source, *read) if read is not None else None


def _query(inner: Record, kind: str) -> tuple[str, Spot, bool] | None:
    """What is asked, where it stands, and whether its syntax is right; None if it has another
    fault. `kind`: of the source that is asked."""
    at = inner.need("spec", itself, "spec: {query: …}")
    found = record(at, "query", "promql") if at is not None else None
    if found is None:
        return None
    field = "promql" if found.get("promql") else "query"
    if found.get("promql") and found.get("query"):
        found.spot.fault("A metric has one query.", "Keep `query` or `promql`.")
        return None
    query = found.need(field, text, "query: sum(my_requests_total)")
    spot = found.get(field)
    if query is None or spot is None:
        return None
    wrong = syntax_error(query) if kind == "prometheus" else None
    if wrong is not None:
        spot.fault(*wrong)
    return query, spot, wrong is None


def _plain(spot: Spot | None) -> str:
    """What stands there, if it is one word."""
    return spot.node.text if spot is not None and isinstance(spot.node, Scalar) else ""
