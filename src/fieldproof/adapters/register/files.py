"""Bytes kept: each file of the field under its SHA-256, whole or not at all."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from fieldproof.errors import InputError

PIECE_BYTES = 1 << 20
#: Times that a copy is made before it is given up.
ATTEMPTS = 3


def sha256_of(path: Path) -> tuple[str, int]:
    """Hex SHA-256 and length in bytes of a file."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as stream:
        while piece := stream.read(PIECE_BYTES):
            digest.update(piece)
            size += len(piece)
    return digest.hexdigest(), size


def place_of(folder: Path, sha256: str) -> Path:
    """Where a file with this hash is kept."""
    return folder / sha256[:2] / sha256


def keep(folder: Path, path: Path) -> tuple[str, int]:
    """Keep a copy of a file; a copy that is already there, and whole, is left alone.

    Raises:
        InputError: the file changed while it was read.

    """
    sha256, size = sha256_of(path)
    target = place_of(folder, sha256)
    if target.exists() and sha256_of(target)[0] == sha256:
        return sha256, size
    target.parent.mkdir(parents=True, exist_ok=True)
    for attempt in range(1, ATTEMPTS + 1):
        part, copied = _copy(path, target.parent)
        if copied != sha256:
            part.unlink(missing_ok=True)
            raise InputError(f"{path.name} was changed while it was read; import it when nobody "
                             "writes to it")
        try:
            part.replace(target)
            break
        except FileNotFoundError:
            # another program opened the register just now, and took the copy for a leftover
            if attempt == ATTEMPTS:
                raise
    return sha256, size


def _copy(path: Path, folder: Path) -> tuple[Path, str]:
    """Copy a file under a passing name, down to the disk; the copy, and the hash of its bytes."""
    handle, name = tempfile.mkstemp(prefix=".part-", dir=folder)
    digest = hashlib.sha256()
    with os.fdopen(handle, "wb") as out, path.open("rb") as stream:
        while piece := stream.read(PIECE_BYTES):
            digest.update(piece)
            out.write(piece)
        out.flush()
        os.fsync(out.fileno())
    return Path(name), digest.hexdigest()


def sweep(folder: Path) -> None:
    """Remove copies that a killed program left unfinished."""
    for part in folder.glob("*/.part-*"):
        part.unlink(missing_ok=True)


def kept(folder: Path) -> Iterator[Path]:
    """All kept files."""
    yield from (p for p in sorted(folder.glob("??/*")) if not p.name.startswith("."))
