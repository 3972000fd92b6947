"""May this change of an object in a cluster go? Asked by its API server for every image, model or
version that changes."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.decide.admission import GLASS, KIND, TICKET, Review, line
from bot.decide.away import unanswered
from bot.decide.caller import Caller
from bot.decide.catalog import Catalog
from bot.decide.change import Change, ChangeKind
from bot.decide.cluster import MARK, Cluster, Unknown
from bot.decide.override import Run
from bot.decide.people import Actor, Door
from bot.decide.release_name import named
from bot.decide.workload import Table, runs_of
from bot.errors import Forbidden, Repeated, Undecidable, UserError
from bot.flow.gate.decide import Asking, DecideGate
from bot.flow.gate.note_glass import SYSTEM, Bearing, NoteGlass
from bot.flow.gate.sitting import GateAnswer
from bot.flow.override.break_glass import BreakGlass
from bot.ports import Clock

log = logging.getLogger(__name__)

_NAME = 128
"""Characters that the name of a service may have."""
GLASS_EXAMPLE = "burnban.dev/break-glass: INC-7 nobody gets results"


@dataclass(frozen=True, slots=True)
class Ruling:
    """What becomes of the change."""

    goes: bool
    answers: tuple[tuple[Change, GateAnswer], ...] = ()
    """One for each service that it releases, with what was asked."""
    sentence: str = ""
    """What the gate has not said: why it goes all the same, or what opens nothing."""


@dataclass(frozen=True)
class Admit:
    """The flow behind the webhook."""

    gate: DecideGate
    glass: BreakGlass
    catalog: Callable[[], Catalog]
    clock: Clock
    notes: NoteGlass

    def run(self, cluster: Cluster, review: Review, caller: Caller, *, vouched: bool) -> Ruling:
        """What is no release goes; so does, with `vouched`, an emergency: then the cluster itself
        has made sure that whoever does it may. A dry run records and uses nothing. Raises
        UserError; Forbidden for an emergency by whoever may not vouch for one; RecordError and
        Undecidable for an emergency only, which the cluster then lets through by itself."""
        if not review.releases:
            return Ruling(goes=True)
        services = cluster.services(review.kind, review.namespace, review.name, *review.metadata)
        if not services:
            return _nobody(cluster, review)
        told: frozenset[str] = frozenset()
        if review.left and review.old is not None:
            told = self._note(cluster, review, services, review.left, review.old, missed=True)
        askings = [_asking(cluster, review, name, told=name in told) for name in services]
        ruling = self._ruling(cluster, review, askings, caller, vouched=vouched)
        if ruling.goes and review.glass and review.new is not None:
            self._note(cluster, review, services, review.glass, review.new)
        return ruling

    def _note(
        self,
        cluster: Cluster,
        review: Review,
        services: tuple[str, ...],
        text: str,
        thing: Table,
        *,
        missed: bool = False,
    ) -> frozenset[str]:
        """A release with the annotation of an emergency; the services of which this is news."""
        if review.dry_run:
            return frozenset()
        place = f"{cluster.name}/{review.kind}/{review.namespace}/{review.name}"
        runs = named(Change(""), runs_of(review.kind, thing))
        return self.notes.run(Bearing(place, services, text, runs, missed))

    def _ruling(
        self,
        cluster: Cluster,
        review: Review,
        askings: list[Asking],
        caller: Caller,
        *,
        vouched: bool,
    ) -> Ruling:
        if vouched and review.glass:
            _check_voucher(cluster, caller)
            return self._force(cluster, review, askings, caller)
        try:
            if review.dry_run:
                found = [self.gate.look(one, caller) for one in askings]
            else:
                found = self.gate.run_all(askings, caller)
        except Undecidable as error:
            return self._away(askings, error)
        answers = tuple((one.change, said) for one, said in zip(askings, found, strict=True))
        goes = _all_go(answers)
        return Ruling(goes, answers, _no_glass(review) if not goes else "")

    def _force(
        self, cluster: Cluster, review: Review, askings: list[Asking], caller: Caller
    ) -> Ruling:
        incident, _, reason = review.glass.partition(" ")
        if not reason.strip():
            raise UserError("An emergency needs its incident and a reason.", GLASS_EXAMPLE)
        if review.dry_run:
            return Ruling(goes=True, sentence="the glass would be broken; this is a dry run")
        actor = Actor(_person(review.user), review.user, Door.API)
        voucher = f"the cluster {cluster.name}: its rights let {review.user} break the glass"
        for one in askings:
            known = one.change.service in self.catalog().services
            if known and self.gate.look(one, caller).outcome.goes:
                continue
            try:
                once = f"glass:{one.run}:{one.change.service}"
                self.glass.vouched(one.change, incident, reason.strip(), actor, voucher, once)
            except Repeated:
                log.info("the glass is broken already: %s", once)
        services = self.catalog().services
        answers = tuple(
            (one.change, self.gate.run(one, caller))
            for one in askings
            if one.change.service in services
        )
        said = f"the glass is broken ({incident}); somebody will review it"
        return Ruling(_all_go(answers), answers, said)

    def _away(self, askings: list[Asking], error: Undecidable) -> Ruling:
        """Nobody can decide: releases into production wait, others go on, loudly."""
        now, services = self.clock.now(), self.catalog().services
        for one in askings:
            known = services.get(one.change.service)
            environment = one.environment or (known.environment if known is not None else "")
            said = self.gate.silences(one.change.service)
            if not unanswered(one.change.kind, environment, None, now, said).passes:
                raise error
        names = ", ".join(f"{one.change.service} {one.change.name}" for one in askings)
        log.warning("%s goes without an answer of the gate: %s", names, error)
        return Ruling(goes=True, sentence=f"{names} goes without an answer of the gate: {error}")


def _check_voucher(cluster: Cluster, caller: Caller) -> None:
    """A review can be written by hand: whoever may ask only may not say who may break the glass."""
    if not caller.rights.may_break(cluster.name):
        sentence = f"This token may ask, but not break the glass by the word of {cluster.name}."
        raise Forbidden(sentence, f"a token with the scope gate:break-glass:{cluster.name}")


def _all_go(answers: tuple[tuple[Change, GateAnswer], ...]) -> bool:
    return all(one.outcome.goes for _, one in answers)


def _asking(cluster: Cluster, review: Review, service: str, *, told: bool) -> Asking:
    """The question about one service. A name that no service could have is shown in one line.
    `told`: of what the object runs now, as this service, somebody has just been told."""
    bare = named(Change(line(service)[:_NAME], ticket=review.said(TICKET)), review.releases)
    change = replace(bare, kind=_kind(review, bare))
    run = Run(SYSTEM, f"{cluster.name}/{review.attempt}")
    step = review.step(cluster.name)
    step = replace(step, told=told) if step is not None else None
    return Asking(change, run, _person(review.user), environment=cluster.environment, step=step)


def _person(user: str) -> str:
    """As the identity map names people: clusters mostly know them by their address."""
    return f"email:{user}" if "@" in user else f"{SYSTEM}:{user}"


def _no_glass(review: Review) -> str:
    """For whoever tried to break the glass: the cluster has not vouched for them."""
    if not review.glass:
        return ""
    right = "`break` the resource `glass` of burnban.dev"
    return f"{GLASS} opens nothing: {review.user} may not {right} in {review.namespace}"


def _kind(review: Review, change: Change) -> ChangeKind:
    """As the annotation claims, if that names this very version: one that was left there says
    nothing of the next."""
    kind, _, version = review.said(KIND).partition(" ")
    known = kind in list(ChangeKind) and version.strip() in (change.name, change.commit)
    return ChangeKind(kind) if known and version.strip() else ChangeKind.OTHER


def _nobody(cluster: Cluster, review: Review) -> Ruling:
    place = f"{review.kind} {review.namespace}/{review.name}"
    sentence = f"{place} is no service that Burnban knows: give it the label {MARK}"
    quiet = cluster.unknown is Unknown.ALLOW
    return Ruling(cluster.unknown is not Unknown.DENY, sentence="" if quiet else sentence)
