"""Objects found by kind and name."""

from collections.abc import Iterable

from bot.spec.documents import KINDS, Document
from bot.spec.spot import Spot, nearest, shorten
from bot.spec.values import text


class Index:
    """Objects by kind and name."""

    def __init__(self, documents: Iterable[Document]) -> None:
        """Two objects of one kind and name are a fault. SLOs are told apart by their service and
        name, elsewhere."""
        self._found: dict[str, dict[str, Document]] = {kind: {} for kind in KINDS}
        self._all: dict[str, list[Document]] = {kind: [] for kind in KINDS}
        for document in documents:
            self._all[document.kind].append(document)
            if not document.name or document.kind == "SLO":
                continue
            first = self._found[document.kind].setdefault(document.name, document)
            if first is not document:
                document.head.fault(
                    f"There is a {document.kind} `{document.name}` already, at {first.head.where}.",
                    "Rename one, or delete it.",
                )

    def all(self, kind: str) -> list[Document]:
        """Every object of a kind, also the unnamed."""
        return self._all[kind]

    def names(self, kind: str) -> list[str]:
        """The names of a kind."""
        return list(self._found[kind])

    def get(self, kind: str, called: str) -> Document | None:
        """The object of that name."""
        return self._found[kind].get(called)

    def refer(self, kind: str, spot: Spot) -> Document | None:
        """What a reference names; a fault if there is none."""
        called = text(spot)
        if called is None:
            return None
        found = self.get(kind, called)
        if found is None:
            remedy = nearest(called, self.names(kind)) or "Add one of that name."
            spot.fault(f"There is no {kind} `{shorten(called)}`.", remedy)
        return found
