"""Signatures of places in the history: what counts, and what does not (law 28)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.decide.seal import Purpose, Trust
from bot.record.seals import KeyedSeals, new_key
from tests.builders import NOON, when

PRIVATE, PUBLIC = new_key()
DIGEST = "0f" * 32
OURS = KeyedSeals(PRIVATE)
SEAL = OURS.seal(Purpose.ANCHOR, 41, DIGEST, when(NOON))


def test_what_the_own_key_signed_is_trusted() -> None:
    assert SEAL.key == OURS.public == PUBLIC
    assert OURS.trust(SEAL) is Trust.TRUSTED


def test_whoever_knows_the_public_key_need_not_have_the_private_one() -> None:
    assert KeyedSeals(trusted=[PUBLIC]).trust(SEAL) is Trust.TRUSTED
    assert KeyedSeals(trusted=[PUBLIC.upper()]).trust(SEAL) is Trust.TRUSTED


def test_a_former_key_counts_as_long_as_it_is_named() -> None:
    private, _ = new_key()
    assert KeyedSeals(private, [PUBLIC]).trust(SEAL) is Trust.TRUSTED
    assert KeyedSeals(private).trust(SEAL) is Trust.STRANGE


def test_without_a_key_a_seal_is_unsigned_and_known_to_be() -> None:
    bare = KeyedSeals().seal(Purpose.ANCHOR, 41, DIGEST, when(NOON))
    assert (bare.key, bare.signature) == ("", "")
    assert OURS.trust(bare) is Trust.UNSIGNED


@pytest.mark.parametrize(
    "changed",
    [
        replace(SEAL, seq=42),
        replace(SEAL, hash="1f" * 32),
        replace(SEAL, at=when(NOON) + timedelta(microseconds=1)),
        replace(SEAL, purpose=Purpose.CHECKPOINT),
        replace(SEAL, key=new_key()[1]),
        replace(SEAL, key=""),
        replace(SEAL, key="zz"),
        replace(SEAL, signature=""),
        replace(SEAL, signature="zz"),
        replace(SEAL, signature=SEAL.signature[:-2]),
    ],
)
def test_a_changed_seal_is_forged(changed: object) -> None:
    assert OURS.trust(changed) is Trust.FORGED  # type: ignore[arg-type] # each is a Seal


@given(st.integers(0, 63), st.integers(1, 255))
def test_no_other_signature_fits(at: int, change: int) -> None:
    raw = bytearray.fromhex(SEAL.signature)
    raw[at] ^= change
    assert OURS.trust(replace(SEAL, signature=raw.hex())) is Trust.FORGED


@pytest.mark.parametrize("key", ["zz", "0f", "0f" * 31, "0f" * 33, "🔑"])
def test_what_cannot_be_a_key_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        KeyedSeals(key)
    with pytest.raises(ValueError, match=r".+"):
        KeyedSeals(trusted=[key])
