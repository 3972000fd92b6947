"""`burnban policy explain` and `burnban policy backtest`, as people and scripts call them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.counts import burning
from tests.e2e.house import House
from tests.e2e.slack import slack, tells

HARDER = """\
apiVersion: burnban/v1
kind: BudgetPolicy
metadata: {name: strict}
spec:
  default: true
  burnAlerts:
    - {spend: 1%, within: 1h, confirm: 1m, severity: page}
  steps:
    - {when: {alert: page}, then: freeze}
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Ten minutes of failures are counted."""
    folder = tmp_path_factory.mktemp("house")
    with slack() as people:
        url = f"sqlite:///{folder / 'burnban.db'}"
        found = House(folder, burning(folder / "slos"), url, people)
        assert found.say("poll", "--once").returncode == 0
        yield found


def test_explain_shows_every_value_with_the_line_it_comes_from(house: House) -> None:
    done = house.say("policy", "explain", "ranker")
    assert (done.returncode, done.stderr) == (0, "")
    tells(done.stdout, "ranker: policy strict, version ")
    spec = (house.specs / "ranker.yaml").read_text().splitlines()
    line = next(n for n, text in enumerate(spec, 1) if "resolveAfter" in text)
    (row,) = [one for one in house.json("policy", "explain", "ranker")[0]["rows"] if
              one["field"] == "resolveAfter"]  # fmt: skip
    assert row["where"].endswith(f"ranker.yaml:{line}")
    assert (row["value"], row["policy"]) == ("5s", "strict")
    tells(done.stdout, "built in")


LAYERS = """\
apiVersion: burnban/v1
kind: Team
metadata: {name: search}
spec:
  channel: "#search-alerts"
  services: [ranker]
  onCall: {users: [U0A1]}
  approvers: {users: [U0A2]}
---
apiVersion: burnban/v1
kind: BudgetPolicy
metadata: {name: searchers}
spec:
  teams: [search]
  thaw: {left: 30%}
---
apiVersion: burnban/v1
kind: BudgetPolicy
metadata: {name: own}
spec:
  services: [ranker]
  approvals: {freeze: 2}
"""


def test_explain_follows_the_policies_from_the_organisation_to_the_service(tmp_path: Path) -> None:
    with slack() as people:
        specs = burning(tmp_path / "slos")
        text = (specs / "ranker.yaml").read_text()
        (specs / "ranker.yaml").write_text(
            "---\n".join(part for part in text.split("---\n") if "kind: Team" not in part)
        )
        (specs / "layers.yaml").write_text(LAYERS)
        house = House(tmp_path, specs, f"sqlite:///{tmp_path / 'burnban.db'}", people)
        done = house.say("policy", "explain", "ranker")
        assert (done.returncode, done.stderr) == (0, "")
        (facts,) = house.json("policy", "explain", "ranker")
    tells(done.stdout, "ranker: policy strict → searchers → own, version ")
    found = {row["field"]: (row["value"], row["policy"], row["where"]) for row in facts["rows"]}

    def at(text: str) -> str:
        lines = LAYERS.splitlines()
        return f"layers.yaml:{next(n for n, line in enumerate(lines, 1) if text in line)}"

    for field, value, policy, where in (
        ("thaw.left", "30%", "searchers", at("thaw")),
        ("approvals.freeze", "2", "own", at("approvals: ")),
        ("resolveAfter", "5s", "strict", "ranker.yaml:"),
    ):
        assert found[field][:2] == (value, policy)
        assert where in found[field][2]
    assert found["mode"][1:] == ("", ""), "built in"


def test_explain_says_what_there_is_instead_of_an_unknown_service(house: House) -> None:
    done = house.say("policy", "explain", "rankr")
    assert done.returncode == 2
    tells(done.stderr, "Did you mean `ranker`")


def test_backtest_holds_a_file_against_the_policies_in_force(house: House) -> None:
    file = house.folder / "harder.yaml"
    file.write_text(HARDER)
    done = house.say("policy", "backtest", "--since", "2h", str(file))
    assert (done.returncode, done.stderr) == (0, "")
    tells(done.stdout, "Replayed 2 h up to ")
    tells(done.stdout, "harder.yaml")
    tells(done.stdout, "+ freeze  ranker")
    (facts,) = house.json("policy", "backtest", "--since", "2h", str(file))
    assert (facts["present"]["freezes"], facts["tried"]["freezes"]) == (0, 1)
    assert house.json("freezes") == []


def test_backtest_alone_is_of_those_in_force(house: House) -> None:
    (facts,) = house.json("policy", "backtest", "--since", "2h")
    assert facts["tried"] is None
    assert facts["present"]["pages"] == 1
    (asked,) = house.json("policy", "backtest", "--since", "2h", "--approve-after", "30m")
    assert asked["answer"] == 1_800


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--since", "soon"), "is not a length of time"),
        (("--since", "400d"), "`400d` is out of range: 1 minute to 90 days."),
        (("--since", "0d"), "`0d` is out of range: 1 minute to 90 days."),
        (("--approve-after", "0m"), "`0m` is out of range"),
        (("none.yaml",), "none.yaml"),
    ],
)
def test_backtest_says_what_it_does_not_understand(
    house: House, words: tuple[str, ...], says: str
) -> None:
    done = house.say("policy", "backtest", *words)
    assert done.returncode == 2
    tells(done.stderr, says)


def test_a_faulty_file_is_told_with_its_line(house: House, tmp_path: Path) -> None:
    file = tmp_path / "faulty.yaml"
    file.write_text(HARDER.replace("freeze", "freez"))
    done = house.say("policy", "backtest", str(file))
    assert done.returncode == 2
    tells(done.stderr, "faulty.yaml:9")
    tells(done.stderr, "Did you mean `freeze`")


def test_without_counts_a_backtest_says_that_there_are_none(tmp_path: Path) -> None:
    with slack() as people:
        url = f"sqlite:///{tmp_path / 'burnban.db'}"
        fresh = House(tmp_path, burning(tmp_path / "slos"), url, people)
        done = fresh.say("policy", "backtest")
    assert (done.returncode, done.stdout) == (2, "")
    tells(done.stderr, "Nothing has been counted yet")
