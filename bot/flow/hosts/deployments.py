"""Deployments that wait at GitHub for the gate: let go once it says so, never turned down for a
freeze, which would end the run."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.decide.caller import Caller, Rights
from bot.decide.catalog import Catalog
from bot.decide.change import Change, ChangeKind
from bot.decide.outside import CodeHost
from bot.decide.override import Run
from bot.decide.people import Actor, Door
from bot.decide.waiting import ASK_AGAIN, Move, Step, Waiting, next_step
from bot.errors import Refused
from bot.flow.facts import Facts
from bot.flow.gate.decide import Asking, DecideGate
from bot.flow.hosts.claims import claim_in, look_up
from bot.flow.hosts.visits import Visits
from bot.ports import Clock, Record
from bot.ports.hosts import GitHubHost, Watch, WatchKind

log = logging.getLogger(__name__)

_GONE = ("not_found", "unprocessable")
"""Answers to an approval of what does not wait any more."""
_ENOUGH = 3
"""Times that this is said of something before it is believed."""


@dataclass(frozen=True)
class VisitDeployments:
    """The flow behind the protection rule."""

    record: Record
    clock: Clock
    catalog: Callable[[], Catalog]
    gate: DecideGate
    hosts: Callable[[str], GitHubHost | None]
    visits: Visits

    def run(self, most: int = 20) -> int:
        """Visit what is due; how many."""
        now, hosts = self.clock.now(), self.catalog().outside.hosts
        watches = self.record.read(lambda books: books.watches.of(WatchKind.DEPLOYMENT))
        due = [one for one in watches if one.due_at is None or one.due_at <= now]
        mine = [one for one in due if one.host not in hosts or self.hosts(one.host) is not None]
        return sum(self.visits.pay(one.key, self._visit) for one in mine[:most])

    def _visit(self, watch: Watch) -> Watch | None:
        spec, host = self.catalog().outside.hosts.get(watch.host), self.hosts(watch.host)
        if spec is None or host is None:
            log.info("%s: its host is no longer in the specs", watch.key)
            return None
        said = watch.facts
        place, installation, run = watch.place, int(said["installation"]), str(said["run"])
        try:
            state = host.run(place, installation, run)
        except Refused as error:
            if error.code != "not_found" or watch.tries < _ENOUGH:
                raise
            return None  # somebody has deleted it
        if state.over:
            return None
        watch = look_up(
            watch,
            spec,
            lambda labels: host.merged(place, installation, str(said["sha"]), labels),
            self.clock.now(),
        )
        answers = ask(self.gate, spec, watch, Run(str(spec.kind), run, state.attempt))
        step = next_step(answers, Waiting(watch.mark, watch.reports))
        if step.move is Move.APPROVE:
            return self._approve(host, watch, step)
        due = self.clock.now() + ASK_AGAIN
        if step.move is Move.WAIT:
            return replace(watch, due_at=due)
        return replace(self._report(host, watch, step), due_at=due)

    def _report(self, host: GitHubHost, watch: Watch, step: Step) -> Watch:
        """Say why it waits. Comments of which nobody knows whether they arrived count there, too:
        one that does not fit any more holds up nothing."""
        try:
            _answer(host, watch, step, approve=False)
        except Refused as error:
            if error.code != "unprocessable":
                raise
            log.info("%s takes no more comments: %s", watch.key, error)
        told = self.clock.now()
        return replace(watch, mark=step.mark, reports=watch.reports + 1, told_at=told)

    def _approve(self, host: GitHubHost, watch: Watch, step: Step) -> Watch | None:
        """An approval that may have gone out before is made again: it changes nothing then."""
        self.visits.about_to_answer(watch)
        try:
            _answer(host, watch, step, approve=True)
        except Refused as error:
            if error.code not in _GONE or not (watch.maybe or watch.tries >= _ENOUGH):
                raise
            log.info("%s does not wait any more: %s", watch.key, error)
        return None


def _answer(host: GitHubHost, watch: Watch, step: Step, *, approve: bool) -> None:
    said = watch.facts
    what = str(said["run"]), str(said["environment"])
    host.answer(watch.place, int(said["installation"]), *what, step.comment, approve=approve)


def ask(gate: DecideGate, host: CodeHost, watch: Watch, run: Run) -> list[Facts]:
    """The gate's answers about all that a deployment releases, of the kind that its labels say."""
    said = watch.facts
    services = host.services(watch.place, str(said["environment"]))
    who = str(said.get("who", ""))
    actor = Actor(f"{host.kind}:{host.name}", watch.place, Door.API)
    claim = claim_in(watch)
    claims = frozenset({str(claim.kind)} if claim is not None else ())
    caller = Caller(actor, Rights(frozenset(services), claims), owner=str(host.kind))
    deployer = f"{host.kind}:{who}" if who else ""
    commit = str(said["sha"])
    kind, words = (claim.kind, claim.said) if claim is not None else (ChangeKind.OTHER, "")
    answers = (
        gate.run(Asking(Change(name, commit=commit, kind=kind), run, deployer, claim=words), caller)
        for name in services
    )
    # Whoever asks for an override must name all of the commit.
    return [{**one.facts, "release": commit} for one in answers]
