"""Bytes kept: each file of the field under its SHA-256, whole or not at all."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

PIECE_BYTES = 1 << 20


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
    """Keep a copy of a file; a copy that is already there is left alone."""
    sha256, size = sha256_of(path)
    target = place_of(folder, sha256)
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".part-", dir=target.parent)
        with os.fdopen(handle, "wb") as out, path.open("rb") as stream:
            shutil.copyfileobj(stream, out, PIECE_BYTES)
            out.flush()
            os.fsync(out.fileno())
        Path(name).replace(target)
    return sha256, size


def sweep(folder: Path) -> None:
    """Remove copies that a killed program left unfinished."""
    for part in folder.glob("*/.part-*"):
        part.unlink(missing_ok=True)


def kept(folder: Path) -> Iterator[Path]:
    """All kept files."""
    yield from (p for p in sorted(folder.glob("??/*")) if not p.name.startswith("."))
