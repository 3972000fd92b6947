"""Signing places of the history with a key that is not in the database (Ed25519)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from bot.decide.seal import Purpose, Seal, Trust


class KeyedSeals:
    """Satisfies bot.ports.history.Seals. Keys are 32 bytes as hexadecimal digits."""

    def __init__(self, key: str = "", trusted: Iterable[str] = ()) -> None:
        """`key`: the private one, empty for none. `trusted`: public keys whose signatures count
        besides. Raises ValueError for what cannot be a key."""
        self._key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(key)) if key else None
        self.public = self._key.public_key().public_bytes_raw().hex() if self._key else ""
        own = [self.public] if self.public else []
        self._known = frozenset(own) | {_public(one) for one in trusted}

    @property
    def known(self) -> frozenset[str]:
        """The public keys whose signatures count here."""
        return self._known

    def seal(self, purpose: Purpose, seq: int, digest: str, at: datetime) -> Seal:
        """Signed, or without a key unsigned."""
        bare = Seal(purpose, seq, digest, at, self.public)
        if self._key is None:
            return bare
        return replace(bare, signature=self._key.sign(bare.statement.encode()).hex())

    def trust(self, seal: Seal) -> Trust:
        """What its signature is worth here."""
        if not seal.signature:
            return Trust.FORGED if seal.key else Trust.UNSIGNED
        if not _fits(seal):
            return Trust.FORGED
        return Trust.TRUSTED if seal.key in self._known else Trust.STRANGE


def new_key() -> tuple[str, str]:
    """A fresh private key and its public one."""
    key = Ed25519PrivateKey.generate()
    return key.private_bytes_raw().hex(), key.public_key().public_bytes_raw().hex()


def _public(key: str) -> str:
    return Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).public_bytes_raw().hex()


def _fits(seal: Seal) -> bool:
    try:
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(seal.key))
        public.verify(bytes.fromhex(seal.signature), seal.statement.encode())
    except (InvalidSignature, ValueError):
        return False
    return True
