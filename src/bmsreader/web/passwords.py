"""Passwords and tokens: how they are kept, and how they are compared."""

import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING

from bmsreader.model.errors import UsageError

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST, LONGEST = 8, 200
"""Characters of a password."""
HASH = "$argon2"
"""What a hash begins with."""
MEMORY, TURNS = 19 * 1024, 2
"""kB and turns of one comparison: what is recommended today where memory is short; about 0.1 s on a Raspberry Pi."""
TOKEN_BYTES = 32


def hasher() -> "PasswordHasher":
    """Return what makes and compares hashes."""
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=TURNS, memory_cost=MEMORY, parallelism=1)


def checked(password: str) -> str:
    """Return a new password if it is fit to be one; raise UsageError."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise UsageError(f"a password has {SHORTEST} to {LONGEST} characters")
    if not password.isprintable():
        raise UsageError("a password has visible characters and blanks only")
    return password


def hashed(password: str) -> str:
    """Return the hash of a password, as it stands in the configuration."""
    return hasher().hash(password)


def is_hash(text: str) -> bool:
    """Return whether this is a hash, and not a password."""
    return text.startswith(HASH)


def matches(known: str, password: str) -> bool:
    """Return whether this is the password; ``known`` is a hash, or a password from a file. An empty one is none."""
    from argon2.exceptions import InvalidHashError, VerificationError

    if not known or len(password) > LONGEST:
        return False
    if not is_hash(known):
        return hmac.compare_digest(known.encode(), password.encode("utf-8", "surrogatepass"))
    try:
        return hasher().verify(known, password.encode("utf-8", "surrogatepass"))
    except (VerificationError, InvalidHashError):
        return False


def new_token() -> str:
    """Return a new token, to be shown once."""
    return f"bms_{secrets.token_urlsafe(TOKEN_BYTES)}"


def hashed_token(token: str) -> str:
    """Return the hash of a token; it is long and random, so that a quick hash is enough."""
    return f"sha256:{hashlib.sha256(token.encode('utf-8', 'surrogatepass')).hexdigest()}"


def is_token(known: str | None, token: str) -> bool:
    """Return whether this is the token."""
    return known is not None and hmac.compare_digest(known, hashed_token(token))
