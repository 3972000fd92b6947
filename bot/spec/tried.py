"""Policies that are tried out: read beside the specs, and never put in force."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.errors import Fault
from bot.spec.budget import Rules
from bot.spec.documents import Document, read_documents
from bot.spec.spot import nearest, shorten


@dataclass(frozen=True, slots=True)
class Tried:
    """What is tried, in place of what the specs say."""

    texts: Mapping[str, str] = field(default_factory=dict)
    """Spec files that hold BudgetPolicies, by name: they take the place of those of the same names,
    and a default one that of the default one."""
    everywhere: str = ""
    """A BudgetPolicy as if it were the nearest of every service."""

    def documents(self, present: list[Document], faults: list[Fault]) -> list[Document]:
        """The documents of the specs, with the tried ones in place of those of their names."""
        fresh = read_documents(self.texts, faults)
        for document in fresh:
            if document.kind != "BudgetPolicy":
                document.head.fault(
                    f"Only a BudgetPolicy can be tried, not the kind {document.kind}.",
                    "Leave it out of this file; that of the specs counts.",
                )
        names = {document.name for document in fresh if document.kind == "BudgetPolicy"}
        kept = [d for d in present if d.kind != "BudgetPolicy" or d.name not in names]
        return [*kept, *(d for d in fresh if d.kind == "BudgetPolicy")]

    def rules(self, read: Iterable[Rules]) -> list[Rules]:
        """A default policy that is tried leaves no room for another."""
        found = list(read)
        fresh = [one for one in found if one.document.top.file in self.texts]
        if not any(one.default for one in fresh):
            return found
        return [one for one in found if one in fresh or not one.default]

    def refuse_unknown(self, names: Iterable[str], faults: list[Fault]) -> None:
        """The policy that is to be tried everywhere must be there."""
        known = list(names)
        if self.everywhere and self.everywhere not in known:
            problem = f"There is no BudgetPolicy `{shorten(self.everywhere)}`."
            faults.append(Fault("specs", "", problem, nearest(self.everywhere, known)))
