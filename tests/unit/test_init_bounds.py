"""`burnban init` asks a bounded number of questions and writes a bounded number of files."""

from pathlib import Path

import pytest

from bot.errors import UserError
from bot.spec.shipped import Server, servers
from bot.wiring.init_command import MOST, init, sightings


class Crowd:
    """A Prometheus with very many models; it remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    def values(self, selector: str, label: str) -> list[str]:
        self.asked.append((selector, label))
        return ["0.25", "1.0"] if label == "le" else [f"model-{n:04}" for n in range(5_000)]


@pytest.mark.parametrize("server", servers(), ids=lambda one: one.name)
def test_a_crowd_of_models_is_cut_and_said_to_be(
    server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    crowd = Crowd()
    found = list(sightings(crowd, server))
    assert len(found) == MOST
    assert "only 200 of its 5000 models are looked at" in capsys.readouterr().out
    histograms = sum(len(one.parts.get("histogram", ())) for one in server.templates)
    assert len(crowd.asked) == 1 + histograms


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ("prometheus:9090", "not an address"),
        ("127.0.0.1:9090", "not an address"),
        ("ftp://prometheus", "not an address"),
        ("http://", "not an address"),
        ("http://[::1", "not an address"),
        ("http://prometheus:99999", "not an address"),
        ("http://ada:example@prometheus:9090", "A password would stand here in clear text"),
        ("http://prometheus:9090/?tenant=a", "ends before `?`"),
    ],
)
def test_what_is_no_address_is_said_before_anybody_is_asked(
    said: str, problem: str, tmp_path: Path
) -> None:
    with pytest.raises(UserError, match=problem.replace("?", r"\?")) as refused:
        init(said, tmp_path / "slos", "", False)
    assert refused.value.example.startswith("burnban init --prometheus http://")
    assert "example@" not in str(refused.value)
    assert not (tmp_path / "slos").exists()
