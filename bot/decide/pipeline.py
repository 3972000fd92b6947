"""CI systems that vouch for their own runs: which runs may ask for which services. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bot.decide.caller import Rights
from bot.decide.override import Run


class System(StrEnum):
    """Who issues the identity; each names its claims in its own way."""

    GITHUB = "github"
    GITLAB = "gitlab"


_REPOSITORY = {System.GITHUB: "repository", System.GITLAB: "project_path"}
_RUN = {System.GITHUB: "run_id", System.GITLAB: "job_id"}
_WHO = {System.GITHUB: "actor", System.GITLAB: "user_login"}


@dataclass(frozen=True, slots=True)
class PipelineRule:
    """Runs of one repository, and what they may."""

    repository: str
    """`acme/ranker`, as the CI system writes it; upper and lower case do not matter."""
    rights: Rights
    environments: tuple[str, ...] = ()
    """Only jobs in one of these deployment environments; empty: in any or none."""
    refs: tuple[str, ...] = ()
    """Only of one of these branches or tags (`refs/heads/main`); empty: of any."""


@dataclass(frozen=True, slots=True)
class Pipeline:
    """One issuer of identities, as written in the specs."""

    name: str
    system: System
    issuer: str
    audience: str
    rules: tuple[PipelineRule, ...]
    where: str = field(default="", compare=False)

    def rights_of(self, claims: Mapping[str, Any]) -> Rights | None:
        """What all rules together give a run with these claims; None if no rule is about it."""
        found = [rule.rights for rule in self.rules if _fits(self.system, rule, claims)]
        return _together(found) if found else None

    def same_issuer(self, other: "Pipeline") -> bool:
        """Whether an identity for the one is one for the other: each team may write its own."""
        mine = self.system, self.issuer, self.audience
        return mine == (other.system, other.issuer, other.audience)

    def run_of(self, claims: Mapping[str, Any]) -> Run:
        """The run that the identity was issued to: by the word of the system itself, as are runs of
        which its webhooks tell."""
        attempt = str(claims.get("run_attempt", "1"))
        number = int(attempt) if attempt.isascii() and attempt.isdecimal() else 1
        system = str(self.system)
        return Run(system, str(claims.get(_RUN[self.system], "")), number, named_by=system)

    def repository_of(self, claims: Mapping[str, Any]) -> str:
        """The repository that the run is of."""
        return str(claims.get(_REPOSITORY[self.system], ""))

    def person_of(self, claims: Mapping[str, Any]) -> str:
        """Who started it, as the CI system calls them."""
        return str(claims.get(_WHO[self.system], ""))


def rights_by(
    pipelines: Iterable[Pipeline], claims: Mapping[str, Any]
) -> tuple[Pipeline, Rights] | None:
    """What all of them together give a run with these claims, and the first that gives anything;
    None if no rule is about it."""
    found = [(one, rights) for one in pipelines if (rights := one.rights_of(claims)) is not None]
    return (found[0][0], _together([rights for _, rights in found])) if found else None


def _together(found: Sequence[Rights]) -> Rights:
    return Rights(
        frozenset[str]().union(*(rights.decides for rights in found)),
        frozenset[str]().union(*(rights.claims for rights in found)),
        any(rights.reads for rights in found),
    )


def _fits(system: System, rule: PipelineRule, claims: Mapping[str, Any]) -> bool:
    repository = str(claims.get(_REPOSITORY[system], ""))
    return (
        repository.lower() == rule.repository.lower()
        and (not rule.environments or claims.get("environment") in rule.environments)
        and (not rule.refs or _ref(system, claims) in rule.refs)
    )


def _ref(system: System, claims: Mapping[str, Any]) -> str:
    """GitLab says `main` and that it is a branch, where GitHub says `refs/heads/main`."""
    ref = str(claims.get("ref", ""))
    if system is System.GITHUB:
        return ref
    return f"refs/{'tags' if claims.get('ref_type') == 'tag' else 'heads'}/{ref}"
