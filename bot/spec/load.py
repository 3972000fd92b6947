"""From spec files to the Catalog: every fault of every file at once, or all of it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path

from bot.decide.catalog import Catalog, SourceSpec
from bot.errors import Fault, SpecError
from bot.judge.indicator import Indicator
from bot.judge.objective import Objective
from bot.spec.alerting import Alerting, check_target
from bot.spec.budget import read_policy
from bot.spec.calendars import SUFFIX
from bot.spec.documents import read_documents
from bot.spec.files import read_texts, version_of
from bot.spec.identities import read_identities
from bot.spec.index import Index
from bot.spec.indicator import read_sli
from bot.spec.metric import Sources
from bot.spec.misfits import Misfits
from bot.spec.outside import read_outside
from bot.spec.owners import Owners, read_owners
from bot.spec.pagers import read_pager
from bot.spec.people import read_team
from bot.spec.pipelines import read_pipeline
from bot.spec.policies import read_policies, under_policy
from bot.spec.schedule import read_schedules
from bot.spec.sli import Sli
from bot.spec.slo import Draft, Slo, Slos
from bot.spec.source import read_source
from bot.spec.spot import Spot
from bot.spec.tried import Tried

Check = Callable[[Indicator, SourceSpec, int | None], Sequence[tuple[str, str, str]]]
"""Asks an adapter about an indicator of an objective with that step (seconds; None where it is not
known): (field, problem, remedy) for `good`, `bad`, `total` or `query`."""


def load(
    folder: Path,
    *,
    source_kinds: Collection[str],
    check: Check | None = None,
    policies: Path | None = None,
    everywhere: str = "",
) -> Catalog:
    """Read all spec files below `folder` (or the one file that it is), and the calendars there.

    `source_kinds`: the types of metric sources that adapters serve, in lower case. To try policies
    out: `policies` holds some that take the place of those of the same names; `everywhere` names
    one that is taken for the nearest of every service. Raises SpecError with all faults of all
    files.
    """
    texts, faults = read_texts(folder)
    base = folder.parent if texts and folder.is_file() else folder
    version = version_of(
        {Path(name).relative_to(base).as_posix(): text for name, text in texts.items()}
    )
    tried, unread = _tried(policies)
    faults += unread
    return _catalog(texts, version, faults, source_kinds, check, Tried(tried, everywhere))


def _tried(policies: Path | None) -> tuple[dict[str, str], list[Fault]]:
    if policies is None:
        return {}, []
    try:
        there = policies.exists()
    except OSError:  # a name longer than any file's
        there = False
    if there:
        return read_texts(policies)
    remedy = "Name one with the BudgetPolicies to try."
    return {}, [Fault(policies.as_posix(), "", "There is no such file.", remedy)]


def load_texts(
    texts: Mapping[str, str],
    *,
    source_kinds: Collection[str],
    check: Check | None = None,
    tried: Tried | None = None,
) -> Catalog:
    """The same from texts by file name."""
    return _catalog(texts, version_of(texts), [], source_kinds, check, tried or Tried())


def _catalog(
    texts: Mapping[str, str],
    version: str,
    faults: list[Fault],
    served: Collection[str],
    check: Check | None,
    tried: Tried,
) -> Catalog:
    yaml = {file: text for file, text in texts.items() if not file.endswith(SUFFIX)}
    index = Index(tried.documents(read_documents(yaml, faults), faults))
    tried.refuse_unknown(index.names("BudgetPolicy"), faults)
    read = [(document, read_source(document, served)) for document in index.all("DataSource")]
    sources = Sources({document.name: source for document, source in read}, served, index)
    slis = {document.name: read_sli(document, sources) for document in index.all("SLI")}
    reader = Slos(index, sources, slis, Alerting(index))
    slos = [slo for document in index.all("SLO") if (slo := reader.read(document)) is not None]
    drafts = [draft for slo in slos for draft in slo.drafts]
    pagers = [(d.name, read_pager(d)) for d in index.all("PagerDuty")]
    accounts = [name for name, _ in pagers if name]
    teams = [read_team(document, accounts) for document in index.all("Team")]
    rosters = [roster for roster in teams if roster is not None]
    identities = read_identities(index.all("Identities"))
    owners = read_owners(index, slos, rosters)
    rules = [found for d in index.all("BudgetPolicy") if (found := read_policy(d)) is not None]
    policies = read_policies(index, tried.rules(rules), owners, drafts, tried.everywhere)
    misfits = Misfits()
    objectives = [under_policy(draft, policies, index, misfits) for draft in drafts]
    services = policies.services()
    pipelines = [read_pipeline(d, owners.services) for d in index.all("Pipeline")]
    misfits.tell()
    known = Catalog(services=owners.services, teams=owners.teams)
    schedules = read_schedules(index, known, texts)
    outside = read_outside(index, services)
    _refuse_twins(drafts)
    _check_targets(slos, owners)
    if check is not None:
        _ask_adapters(slos, check)
    if faults:
        raise SpecError(_in_order(faults))
    return Catalog(
        objectives=tuple(sorted(objectives, key=_by_id)),
        services=services,
        teams=owners.teams,
        policies=policies.catalogued(),
        otherwise=policies.otherwise(),
        stated=policies.stated(),
        sources={source.name: source for _, source in read if source is not None},
        schedules=schedules,
        version=version,
        pagers={name: pager for name, pager in pagers if pager is not None},
        identities=identities,
        outside=outside,
        pipelines={one.name: one for one in pipelines if one is not None},
    )


def _by_id(objective: Objective) -> str:
    return objective.id


def _refuse_twins(drafts: Sequence[Draft]) -> None:
    """Every account of the ledger has its own name."""
    seen: dict[str, Draft] = {}
    for draft in drafts:
        first = seen.setdefault(draft.objective.id, draft)
        if first is not draft:
            problem = f"There is an objective `{draft.objective.id}` already, at "
            spot = draft.goal.spot if first.document is draft.document else draft.document.head
            place = first.goal.spot if first.document is draft.document else first.document.head
            spot.fault(f"{problem}{place.where}.", "Give each its own name.")


def _check_targets(slos: Sequence[Slo], owners: Owners) -> None:
    for slo in slos:
        service = owners.services.get(slo.service or "")
        team = owners.teams.get(service.team) if service is not None else None
        for target in slo.targets:
            check_target(target, team.channel if team is not None else "")


def _ask_adapters(slos: Sequence[Slo], check: Check) -> None:
    """About every indicator that could be read, also where something else of its SLO could not: all
    faults are told at once."""
    for slo in slos:
        for draft in slo.drafts:
            found = draft.objective
            complaints = check(found.indicator, draft.sli.source, found.step)
            _complain(draft.sli, complaints, draft.goal.spot)
        if slo.sli is not None and not slo.drafts:
            _complain(slo.sli, check(slo.sli.asked, slo.sli.source, None), slo.at)


def _complain(sli: Sli, complaints: Sequence[tuple[str, str, str]], otherwise: Spot) -> None:
    for field, problem, remedy in complaints:
        if field not in sli.unsound:
            (sli.spots.get(field) or otherwise).fault(problem, remedy)


def _in_order(faults: Sequence[Fault]) -> list[Fault]:
    """By file and line; what was found twice is told once."""

    def place(fault: Fault) -> tuple[str, int]:
        file, _, line = fault.where.rpartition(":")
        return (file, int(line)) if line.isdecimal() and file else (fault.where, 0)

    return sorted(dict.fromkeys(faults), key=place)
