"""DataSource: where counts come from, and how to reach it. Secrets are named, never written."""

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any

from bot.decide.catalog import FEEDS, VERSIONS, SourceSpec
from bot.spec.connection import (
    BASIC,
    basic_auth,
    file_path,
    headers,
    step,
    timeout,
    url,
    variable,
)
from bot.spec.documents import Document
from bot.spec.nodes import Listing, Node, Scalar, Table
from bot.spec.places import evidently_feed, feeds, mlflow_feed, nannyml_feed, sql_feed
from bot.spec.spot import Record, Spot, itself, listing, record, shorten, table
from bot.spec.values import choice, duration, text, whole
from bot.spec.window import zone

_Reader = Callable[[Spot], Any]
_FED: dict[str, _Reader] = {
    "step": step,
    "delay": duration(zero=True),
    "versions": choice({one: one for one in VERSIONS}),
}
_DATABASE: dict[str, _Reader] = {"urlEnv": variable, "timeZone": zone, "timeout": timeout}
_WEB: dict[str, _Reader] = {
    "url": url,
    "timeout": timeout,
    "bearerTokenEnv": variable,
    "basicAuth": basic_auth,
    "headers": headers,
    "caFile": file_path,
    "maxBytes": whole(1_024, 1 << 32),
}
_READERS: dict[str, dict[str, _Reader]] = {
    "prometheus": {
        **_WEB,
        "step": step,
        "delay": duration(zero=True),
        "scrapeInterval": duration(),
    },
    "csv": {"step": step, "path": file_path},
    "push": _FED,
    "sql": {**_FED, **_DATABASE, "feeds": feeds(sql_feed), "maxRows": whole(1, 1_000_000)},
    "nannyml": {**_FED, **_DATABASE, "feeds": feeds(nannyml_feed), "model": text},
    "evidently": {
        **_FED,
        **_WEB,
        "timeZone": zone,
        "path": file_path,
        "feeds": feeds(evidently_feed),
    },
    "mlflow": {**_FED, **_WEB, "feeds": feeds(mlflow_feed)},
}
_NEEDED: dict[str, tuple[str, ...]] = {
    "prometheus": ("url",),
    "csv": ("path",),
    "sql": ("urlEnv", "feeds"),
    "nannyml": ("urlEnv", "timeZone", "feeds"),
    "evidently": ("feeds",),
    "mlflow": ("url", "feeds"),
}
_EXAMPLES = {
    "urlEnv": "urlEnv: WAREHOUSE_URL, the variable that holds the address",
    "timeZone": "timeZone: UTC, as NannyML stores instants without a zone",
    "feeds": "feeds: {ranker-labels: {…}}",
}
_DEFAULTS: dict[str, dict[str, object]] = {
    "prometheus": {"step": 60, "delay": 10, "scrapeInterval": 15},
    "csv": {"step": 60},
    **{kind: {"step": 3_600, "delay": 0, "versions": "any"} for kind in FEEDS},
}
_IN_CLEAR = {
    "token": "bearerTokenEnv: MY_TOKEN",
    "bearerToken": "bearerTokenEnv: MY_TOKEN",
    "secret": "bearerTokenEnv: MY_TOKEN",
    "password": BASIC,
    "username": BASIC,
    "apiKey": "headers: {X-Api-Key: {env: MY_KEY}}",
    "connectionString": "urlEnv: WAREHOUSE_URL",
}


def read_source(document: Document, served: Collection[str]) -> SourceSpec | None:
    """The source as an adapter takes it: durations in seconds, secrets as names of variables."""
    if document.spec is None:
        document.top.fault("The field `spec` is missing.", "Write spec: {type: Prometheus, …}.")
        return None
    spec = record(document.spec, "type", "description", "connectionDetails")
    written = spec.need("type", text, "type: Prometheus") if spec else None
    if spec is None or written is None:
        return None
    kind = written.lower()
    if not is_served(spec.get("type") or spec.spot, written, served):
        return None
    details = _details(spec, kind)
    if details is None or not document.name:
        return None
    return SourceSpec(document.name, kind, details, document.head.where)


def written_kind(document: Document) -> str:
    """The type that a DataSource states, in small letters; empty if that cannot be read."""
    fields = document.spec.node if document.spec is not None else None
    if not isinstance(fields, Table):
        return ""
    found = (value for key, value in fields.entries if key.text == "type")
    said = next(found, None)
    return said.text.lower() if isinstance(said, Scalar) else ""


def is_served(spot: Spot, kind: str, served: Collection[str]) -> bool:
    """Whether an adapter reads this type, in whatever case; a fault if none does."""
    if kind.lower() in served:
        return True
    names = ", ".join(sorted(served)) or "none"
    spot.fault(
        f"No adapter of Burnban reads metric sources of type `{shorten(kind)}`.",
        f"The types it reads: {names}.",
    )
    return False


def _details(spec: Record, kind: str) -> dict[str, object] | None:
    needed = _NEEDED.get(kind, ())
    example = f"connectionDetails: {{{', '.join(f'{one}: …' for one in needed) or '…'}}}"
    if kind not in _NEEDED and kind in _READERS and spec.get("connectionDetails") is None:
        return dict(_DEFAULTS[kind])
    found = spec.need("connectionDetails", _merged, example)
    if found is None:
        return None
    if kind not in _READERS:  # an adapter that knows its own fields
        return {"step": 60} | {key: _plain(spot) for key, spot in found.items()}
    faults = found.spot.faults
    before = len(faults)
    readers = _READERS[kind]
    _refuse_clear(found, readers)
    for one in needed:
        found.need(one, itself, _EXAMPLES.get(one, f"{one}: …"))
    if kind == "evidently" and bool(found.get("path")) == bool(found.get("url")):
        found.spot.fault("Results lie in a folder or at an address.", "Write path: … or url: ….")
    if found.get("bearerTokenEnv") and found.get("basicAuth"):
        found.spot.fault("A request has one authorization.", "Keep bearerTokenEnv or basicAuth.")
    details = dict(_DEFAULTS[kind])
    details |= {key: reader(spot) for key, reader in readers.items() if (spot := found.get(key))}
    return details if len(faults) == before else None


def _refuse_clear(found: Record, readers: Collection[str]) -> None:
    """Unknown fields are faults; those that would hold a secret say where it belongs."""
    for key, spot in found.items():
        if key in _IN_CLEAR:
            problem = f"`{key}` would stand here in clear text."
            spot.fault(problem, f"Name an environment variable: {_IN_CLEAR[key]}.")
    found.refuse_others(readers, _IN_CLEAR)


def _plain(spot: Spot) -> object:
    match spot.node:
        case Scalar():
            return spot.node.text
        case Listing():
            return [_plain(item) for item in listing(spot)]
        case Table():
            found = table(spot)
            return {key: _plain(value) for key, value in found.items()} if found else {}


def _merged(spot: Spot) -> Record | None:
    """A mapping, or OpenSLO's list of mappings of one field each."""
    if not isinstance(spot.node, Listing):
        return table(spot)
    entries: list[tuple[Scalar, Node]] = []
    for item in listing(spot):
        if not isinstance(item.node, Table):
            item.fault("A field and its value belong here.", "Write `- url: …`.")
            return None
        entries.extend(item.node.entries)
    return table(replace(spot, node=Table(tuple(entries), spot.node.line)))
