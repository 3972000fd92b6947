"""What a release of images and models is called, so that an override covers it and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.decide.change import MAX_VERSION, Change
from bot.decide.release_name import named
from bot.decide.workload import Runs, Sort

SHA = "0123456789abcdef" * 4
COMMIT = "3f2a9c1d0b" * 4


def name(*values: str, sort: Sort = Sort.IMAGE) -> Change:
    return named(Change("ranker"), [Runs(f"c{n}", sort, v) for n, v in enumerate(values)])


@pytest.mark.parametrize(
    ("image", "change"),
    [
        ("ranker:38", Change("ranker", "38")),
        ("localhost:5000/team/ranker:v38", Change("ranker", "v38")),
        ("localhost:5000/team/ranker", Change("ranker", "latest")),
        (f"ranker:38@sha256:{SHA}", Change("ranker", "38", digest=f"sha256:{SHA}")),
        (f"ranker@sha256:{SHA}", Change("ranker", digest=f"sha256:{SHA}")),
        (f"ranker:{COMMIT}", Change("ranker", commit=COMMIT)),
        (f"ranker:{COMMIT}@sha256:{SHA}", Change("ranker", "", COMMIT, f"sha256:{SHA}")),
        ("ranker@sha256:short", Change("ranker", "latest")),
    ],
)
def test_an_image_is_called_by_its_tag_its_commit_or_its_digest(image: str, change: Change) -> None:
    assert name(image) == change


@pytest.mark.parametrize(
    ("address", "version"),
    [
        ("s3://models/ranker/38", "38"),
        ("s3://models/ranker/38/", "38"),
        ("s3://models/ranker/38/model.bin", "38/model.bin"),
        ("gs://models/v3/ranker/2026-11-23/final", "2026-11-23/final"),
        ("gs://models/ranker/champion", "ranker/champion"),
        ("models:/ranker", "ranker"),
        ("pvc://claim", "claim"),
    ],
)
def test_an_address_is_called_by_its_end_from_a_figure_on(address: str, version: str) -> None:
    assert name(address, sort=Sort.ADDRESS) == Change("ranker", version)


def test_several_things_are_named_together_so_that_no_override_covers_one_of_them_only() -> None:
    both = name("ranker:38", "proxy:9")
    assert both == Change("ranker", "38+9")
    assert not Change("ranker", "38").pins(both)
    digests = name(f"ranker@sha256:{SHA}", "proxy:9")
    assert digests == Change("ranker", f"{SHA[:12]}+9")
    assert not Change("ranker", digest=f"sha256:{SHA}").pins(digests)


def test_the_same_tag_everywhere_is_said_once() -> None:
    assert name("ranker:38", "sidecar:38") == Change("ranker", "38")


def test_a_version_is_itself() -> None:
    assert name("38", sort=Sort.VERSION) == Change("ranker", "38")


@given(st.lists(st.text(), min_size=1, max_size=30), st.sampled_from(list(Sort)))
def test_whatever_it_runs_its_name_can_be_typed(values: list[str], sort: Sort) -> None:
    found = name(*values, sort=sort)
    word = found.name
    assert 0 < len(word) <= max(MAX_VERSION, 135)
    assert all("!" <= letter <= "~" for letter in word)


def test_what_is_cut_is_told_apart() -> None:
    one, other = name("38" * 80, sort=Sort.VERSION), name("38" * 80 + "9", sort=Sort.VERSION)
    assert len(one.version) == len(other.version) == MAX_VERSION
    assert one != other
    assert name("3 8", sort=Sort.VERSION) != name("3\t8", sort=Sort.VERSION)
