"""Text that nobody reads without its key: AES-256-GCM, bound to the place it stands in.

    enc1:0123456789abcdef:base64 of (12 random bytes, what is sealed, 16 bytes that prove it)
         └ which key

Sealed twice, the same text comes out differently, so that nothing can be looked for in it. That it is moved to another
place, or changed, is found out. How long it is can be seen.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storage.columns import SEALED

_ID_BYTES, _NONCE_BYTES, _KEY_BYTES, _MARK_BYTES = 8, 12, 32, 16
ID_CHARACTERS = 2 * _ID_BYTES
_HEAD = re.compile(rf"{SEALED}([0-9a-f]{{{ID_CHARACTERS}}}):")


class NotOpened(Exception):
    """It was not sealed by this key for this place, or has been changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """What seals and opens.

    Thousands are kept in memory, so each is its bits alone: the cipher of them would take 2.5 KB, and is made in a
    microsecond or two where it is needed.

    Args:
        id: By which cells name it; 16 hexadecimal digits.
        owner: Whose it is.
        bits: 32 bytes, never shown.
    """

    id: str
    owner: str
    bits: bytes = field(repr=False)

    def seal(self, text: str, place: str) -> str:
        """The cell of a text that stands in that place."""
        nonce = os.urandom(_NONCE_BYTES)
        sealed = nonce + AESGCM(self.bits).encrypt(nonce, text.encode(), place.encode())
        return f"{SEALED}{self.id}:{base64.b64encode(sealed).decode('ascii')}"

    def open(self, cell: str, place: str) -> str:
        """The text of a cell that stands there.

        Raises:
            NotOpened: This key did not seal it for that place.
        """
        found = _HEAD.match(cell)
        if found is None or found[1] != self.id:
            raise NotOpened
        try:
            sealed = base64.b64decode(cell[found.end() :], validate=True)
            return AESGCM(self.bits).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], place.encode()).decode()
        except (InvalidTag, ValueError) as error:
            raise NotOpened from error

    def mark(self, text: str) -> str:
        """What tells a text from others of the same owner, and to nobody without this key which it is; 32 digits."""
        marking = hashlib.blake2b(self.bits, digest_size=_KEY_BYTES, person=b"tidings marks").digest()
        return hashlib.blake2b(text.encode(), key=marking, digest_size=_MARK_BYTES).hexdigest()


def new_bits() -> tuple[str, bytes]:
    """The id and the bits of a new key."""
    return os.urandom(_ID_BYTES).hex(), AESGCM.generate_key(8 * _KEY_BYTES)


def key_of(cell: str) -> str | None:
    """Which key a cell names; `None` where it is plain text."""
    found = _HEAD.match(cell)
    return None if found is None else found[1]


class Wrapping:
    """How keys are kept: as they are, or themselves sealed by a secret, without which who has them has nothing."""

    def __init__(self, secret: str | None) -> None:
        hashed = hashlib.blake2b((secret or "").encode(), digest_size=_KEY_BYTES, person=b"tidings keys")
        self._cipher = AESGCM(hashed.digest()) if secret else None

    @property
    def wraps(self) -> bool:
        """Whether there is a secret."""
        return self._cipher is not None

    def kept(self, id_: str, bits: bytes) -> bytes:
        """How the bits of a key are kept."""
        if self._cipher is None:
            return bits
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, bits, id_.encode())

    def bits(self, id_: str, kept: bytes, *, wrapped: bool) -> bytes:
        """The bits of a key that is kept so.

        Raises:
            NotOpened: A secret is needed, or another one.
        """
        if not wrapped:
            return kept
        if self._cipher is None:
            raise NotOpened
        try:
            return self._cipher.decrypt(kept[:_NONCE_BYTES], kept[_NONCE_BYTES:], id_.encode())
        except (InvalidTag, ValueError) as error:
            raise NotOpened from error
