"""The documents of all files: kinds, names, labels; found again by kind and name."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.errors import Fault
from bot.spec.nodes import Listing, Node, Scalar, compose
from bot.spec.spot import Record, Spot, itself, kind_of, listing, nearest, record, shorten, table
from bot.spec.values import name, owner_name, text

OPENSLO = "openslo/v1"
OURS = "burnban/v1"
KINDS = {
    "DataSource": OPENSLO,
    "Service": OPENSLO,
    "SLI": OPENSLO,
    "SLO": OPENSLO,
    "AlertPolicy": OPENSLO,
    "AlertCondition": OPENSLO,
    "AlertNotificationTarget": OPENSLO,
    "BudgetPolicy": OURS,
    "FreezeSchedule": OURS,
    "Team": OURS,
    "PagerDuty": OURS,
    "Identities": OURS,
    "GitHub": OURS,
    "GitLab": OURS,
    "MLflow": OURS,
    "Webhook": OURS,
    "Pipeline": OURS,
    "Cluster": OURS,
}
_OWNERS = ("Service", "Team")
PREFIX = "burnban.dev/"
MARKS = ("team", "environment", "model", "policy")
"""What our labels and annotations may say, after the prefix."""


@dataclass(frozen=True, slots=True)
class Document:
    """One object: its name, what its metadata say, and its spec still to be read."""

    kind: str
    name: str
    """Empty if it was missing or faulty: nothing refers to it then."""
    title: str
    labels: Mapping[str, tuple[str, ...]]
    """Labels and annotations; a label may have several values."""
    marks: Mapping[str, Spot]
    """`burnban.dev/…` labels and annotations, by what follows the prefix."""
    top: Spot
    head: Spot
    """The name, or the place where it is missing."""
    spec: Spot | None


def read_documents(texts: Mapping[str, str], faults: list[Fault]) -> list[Document]:
    """All objects of all texts."""
    found: list[Document] = []
    for file, content in texts.items():
        nodes, wrong = compose(content, file)
        faults.extend(wrong)
        for spot in _objects(nodes, file, faults):
            document = _document(spot)
            if document is not None:
                found.append(document)
    return found


def _objects(nodes: Iterable[Node], file: str, faults: list[Fault]) -> Iterable[Spot]:
    """Each document is an object or a list of them; an empty one is passed over."""
    for node in nodes:
        top = Spot(node, file, node.line, "", faults)
        if isinstance(node, Listing):
            yield from listing(top)
        elif not top.null:
            yield top


def _document(top: Spot) -> Document | None:
    head = table(top)
    if head is None:
        return None
    kind = _kind(head)
    if kind is None:
        return None
    found = record(top, "apiVersion", "kind", "metadata", "spec")
    return None if found is None else _named(kind, found)


def inline(spot: Spot, kind: str) -> Document | None:
    """An object written in the place where it is used; it need not say its kind."""
    found = record(spot, "apiVersion", "kind", "metadata", "spec")
    if found is None:
        return None
    said = found.read("kind", text)
    if said is not None and said != kind:
        at = found.get("kind") or spot
        at.fault(f"The kind {kind} belongs here, not `{shorten(said)}`.", f"Write kind: {kind}.")
    return _named(kind, found)


def _kind(head: Record) -> str | None:
    """The kind, if we read it in this version of its format."""
    version = head.need("apiVersion", text, f"apiVersion: {OPENSLO} or {OURS}")
    kind = head.need("kind", text, "kind: SLO")
    if version is None or kind is None:
        return None
    if kind not in KINDS:
        spot = head.get("kind") or head.spot
        spot.fault(f"Burnban knows no kind `{shorten(kind)}`.", nearest(kind, KINDS))
        return None
    if version != KINDS[kind]:
        spot = head.get("apiVersion") or head.spot
        what = f"The kind {kind} is not of `{shorten(version)}`."
        if version.split("/")[0] in ("openslo", "openslo.com") and KINDS[kind] == OPENSLO:
            what = f"`{shorten(version)}` is another version of OpenSLO."
        spot.fault(what, f"Write apiVersion: {KINDS[kind]}.")
        return None
    return kind


def _named(kind: str, found: Record) -> Document:
    meta_spot = found.need("metadata", itself, "metadata: {name: …}")
    known = ("name", "displayName", "labels", "annotations")
    meta = record(meta_spot, *known) if meta_spot is not None else None
    labels: dict[str, tuple[str, ...]] = {}
    marks: dict[str, Spot] = {}
    called = title = None
    if meta is not None:
        called = meta.need("name", owner_name if kind in _OWNERS else name, "name: my-name")
        title = meta.read("displayName", text)
        for field in ("labels", "annotations"):
            meta.read(field, lambda spot: _labels(spot, labels, marks))
    for word, spot in marks.items() if kind not in ("Service", "SLO") else ():
        spot.fault(
            f"`{PREFIX}{word}` does not belong to the kind {kind}.", "Put it at the Service or SLO."
        )
    head = (meta.get("name") if meta else None) or found.spot
    return Document(
        kind,
        called or "",
        title or called or "",
        labels,
        marks,
        found.spot,
        head,
        found.get("spec"),
    )


def _labels(spot: Spot, labels: dict[str, tuple[str, ...]], marks: dict[str, Spot]) -> None:
    found = table(spot)
    for key, value in found.items() if found else ():
        if key.startswith(PREFIX):
            _mark(key, value, marks)
        items = listing(value) if isinstance(value.node, Listing) else (value,)
        read = (_label(item) for item in items)
        labels[key] = tuple(label for label in read if label is not None)


def _mark(key: str, value: Spot, marks: dict[str, Spot]) -> None:
    word = key.removeprefix(PREFIX)
    if word not in MARKS:
        value.fault(f"Burnban knows no `{key}`.", nearest(key, (PREFIX + mark for mark in MARKS)))
    elif word in marks:
        value.fault(f"`{key}` stands here twice.", "Say it once, as a label or an annotation.")
    elif text(value) is not None:
        marks[word] = value


def _label(spot: Spot) -> str | None:
    if isinstance(spot.node, Scalar):
        return spot.node.text
    spot.fault(f"A label is a text or a list of texts, not {kind_of(spot.node)}.")
    return None
