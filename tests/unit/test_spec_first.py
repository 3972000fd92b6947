"""First specs: valid for every server and whatever the model is called."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.measure import check_indicator
from bot.spec import load_texts
from bot.spec.expanding import acceptable
from bot.spec.first import Sighting, free_name, source_text, spec_text
from bot.spec.shipped import Server, servers

BOUNDS = ("0.05", "0.25", "1.0", "200", "104976", "1e+06", "+Inf")


def sighting(server: Server, model: str = "ranker") -> Sighting:
    forms = {one.name: BOUNDS for one in server.templates if one.form == "latency"}
    return Sighting(server, model, forms)


def loaded(seen: Sighting) -> list[str]:
    service = free_name(seen.model, seen.server.name, ())
    texts = {
        "source.yaml": source_text("prometheus", "http://prometheus:9090", "TOKEN"),
        "model.yaml": spec_text(seen, service, "prometheus"),
    }
    found = load_texts(texts, source_kinds=("prometheus",), check=check_indicator)
    return [one.name for one in found.objectives]


def test_every_server_gets_the_objectives_that_can_be_told_by_model() -> None:
    assert {one.name: loaded(sighting(one)) for one in servers()} == {
        "bentoml": ["availability", "latency"],
        "kserve": ["latency"],
        "mlserver": ["availability", "mean-latency"],
        "rayserve": ["availability", "latency"],
        "seldon": ["availability", "mean-latency"],
        "tfserving": ["availability", "latency"],
        "torchserve": ["mean-latency"],
        "triton": ["availability", "mean-latency"],
        "vllm": ["first-token", "inter-token", "latency"],
    }


@pytest.mark.parametrize("server", servers(), ids=lambda one: one.name)
def test_what_a_server_cannot_tell_stands_in_comments(server: Server) -> None:
    text = spec_text(sighting(server), "ranker", "prometheus")
    for template in server.templates:
        assert f"# {template.name}: " in text or f"template: {template.name}\n" in text
    assert max(map(len, text.splitlines())) <= 160


def test_without_buckets_there_is_no_latency_but_a_reason() -> None:
    (kserve,) = (one for one in servers() if one.name == "kserve")
    text = spec_text(Sighting(kserve, "ranker", {}), "ranker", "prometheus")
    assert "# kserve/latency: Its buckets were not seen" in text


@given(st.text(min_size=1, max_size=60).filter(acceptable), st.sampled_from(servers()))
def test_any_name_of_a_model_makes_a_valid_spec(model: str, server: Server) -> None:
    assert loaded(sighting(server, model))


@pytest.mark.parametrize(
    ("model", "taken", "name"),
    [
        ("ranker", (), "ranker"),
        ("ranker", ("Ranker",), "ranker-triton"),
        ("ranker", ("ranker", "ranker-triton"), "ranker-triton-2"),
        ("acme/ranker:38", (), "acme-ranker-38"),
        ("all", (), "all-service"),
        ("模型", (), "model"),
    ],
)
def test_a_service_is_called_as_its_model_if_it_can_be(
    model: str, taken: tuple[str, ...], name: str
) -> None:
    assert free_name(model, "triton", taken) == name
