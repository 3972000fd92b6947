"""From spec files to a verdict on what was pushed, as the processes are put together."""

from pathlib import Path

from pydantic import SecretStr

from bot.config import Settings
from bot.decide.caller import Caller, Rights
from bot.decide.people import Actor, Door
from bot.flow.poll.receive import Batch
from bot.judge.observation import Observation
from bot.judge.verdict import Kind
from bot.wiring.core import core
from tests.builders import DAY, HOUR, NOON, when
from tests.fakes import FakeClock
from tests.fresh import fresh_sqlite

SPECS = """\
apiVersion: openslo/v1
kind: DataSource
metadata: {name: labels}
spec: {type: push}
---
apiVersion: openslo/v1
kind: SLO
metadata: {name: right-answers}
spec:
  service: ranker
  indicator: {quality: {feed: ranker-labels, of: accuracy, labelDelay: 1d}}
  timeWindow: [{duration: 7d, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{target: 0.92}]
"""
PUSHER = Caller(Actor("token:1", "job", Door.API), Rights.of(["slices:push:ranker"]))


def labels(hour: int, wrong: float) -> Observation:
    end = NOON + hour * HOUR
    return Observation(end - HOUR, end, "38", tp=100 - wrong, fp=wrong, fn=0, tn=0)


def test_what_is_pushed_becomes_a_verdict_and_late_labels_change_it(tmp_path: Path) -> None:
    folder = tmp_path / "slos"
    folder.mkdir()
    (folder / "ranker.yaml").write_text(SPECS)
    url = fresh_sqlite(tmp_path / "burnban.db")
    settings = Settings.model_construct(specs=folder, database_url=SecretStr(url), ops_channel="")
    clock = FakeClock(when(NOON))
    with core(settings, clock) as built:
        rows = list(enumerate(labels(hour, 2) for hour in range(-8 * 24, 1)))
        built.gate.api.receive.run(Batch("ranker-labels", rows), PUSHER)
        assert built.poll() == 1
        [judged] = built.answer.judged()
        assert judged.verdict.kind is Kind.HEALTHY
        assert judged.verdict.as_of == when(NOON - DAY)
        late = list(enumerate(labels(hour, 60) for hour in range(-45, -25)))
        said = built.gate.api.receive.run(Batch("ranker-labels", late), PUSHER)
        assert said["restated"] == [{"objective": "ranker/right-answers", "slices": 20}]
        clock.advance(HOUR)
        assert built.poll() == 1
        [judged] = built.answer.judged()
        assert judged.verdict.kind is Kind.EXHAUSTED
