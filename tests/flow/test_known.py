"""What the specs say about services that somebody asks the gate about."""

import pytest

from bot.decide.catalog import Catalog
from bot.decide.service import Service
from bot.flow.gate import known
from bot.flow.gate.known import Known, Standing


def test_a_name_that_does_not_exist_is_compared_with_all_others_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compared: list[str] = []
    compare = known.get_close_matches

    def counting(word: str, names: list[str]) -> list[str]:
        compared.append(word)
        return compare(word, names)

    monkeypatch.setattr(known, "get_close_matches", counting)
    monkeypatch.setattr(known, "_MOST", 2)
    specs = Known(
        Catalog(services={name: Service(name, name, "search") for name in ("ranker", "recs")})
    )
    for name, near in (("rankr", ["ranker"]), ("rces", ["recs"]), ("zzz", [])) * 2:
        for _ in range(3):
            assert list(specs.circumstances(name, Standing.of([]), []).near) == near
            assert len(specs._near) <= 2
    assert compared == ["rankr", "rces", "zzz", "rankr", "rces", "zzz"]
