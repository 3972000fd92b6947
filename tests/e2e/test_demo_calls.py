"""What the demo asks of its Slack: nothing is refused, and edits leave room for what matters."""

import threading
from typing import Any

import pytest

from bot.playground import seed
from bot.playground.workspace import Call, Workspace
from bot.wiring.demo import run_demo
from tests.e2e.waiting import until

SPEED = 240.0
"""Four times as fast as usual, so four times as much to tell each second."""


@pytest.fixture(scope="module")
def calls(tmp_path_factory: pytest.TempPathFactory) -> list[Call]:
    """All calls until the bad release is rolled back, nearly two hours into the day."""
    made: list[Workspace] = []
    build = seed.workspace

    def remembering(*words: Any, **more: Any) -> Workspace:
        made.append(build(*words, **more))
        return made[-1]

    stop = threading.Event()
    folder = tmp_path_factory.mktemp("day")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(seed, "workspace", remembering)
        running = threading.Thread(
            target=run_demo,
            args=(0, SPEED),
            kwargs={"reset": False, "say": print, "stop": stop, "folder": folder},
        )
        running.start()
        until(lambda: made, "workspace")
        until(lambda: _said(made[0], "It got worse"), "spent budget", 60)
        until(lambda: "All of it is on record" in made[0].banner, "line after the rollback", 60)
        stop.set()
        running.join(15)
    assert not running.is_alive()
    return list(made[0].calls)


def _said(space: Workspace, words: str) -> bool:
    return any(words in m.text for m in space.messages(seed.SEARCH_ALERTS.id))


def of(calls: list[Call], method: str) -> list[Call]:
    return [call for call in calls if call.method == method]


def test_nothing_is_refused(calls: list[Call]) -> None:
    refused = [(c.method, c.answer.get("error")) for c in calls if not c.answer.get("ok")]
    assert refused == []


def test_posts_do_not_wait_for_edits(calls: list[Call]) -> None:
    told = [call.args["text"] for call in of(calls, "chat.postMessage")]
    worse = next(i for i, text in enumerate(told) if text.startswith("It got worse"))
    assert "asks to freeze releases of service ranker" in told[worse + 1]
    rise, request = of(calls, "chat.postMessage")[worse : worse + 2]
    assert request.at - rise.at < 4


def test_figures_alone_are_edited_every_ten_seconds_at_most(calls: list[Call]) -> None:
    """Of a warning that is told, gets worse, and burns no more within half a minute."""
    first = of(calls, "chat.postMessage")[0]
    edits = [c for c in of(calls, "chat.update") if c.args["ts"] == first.answer["ts"]]
    seconds = edits[-1].at - first.at
    states = 1  # it got worse
    assert len(edits) <= seconds / 10 + states
    assert edits
