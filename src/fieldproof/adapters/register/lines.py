"""Lines of the ledger: their bytes, and the chain that binds each to the one before.

A line's hash is SHA-256(hash of the line before || body). The body is what is hashed, byte for
byte, so that nobody needs our serializer to check it. The first line is the genesis; the hash
before it is 32 zero bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any, Final

import orjson

from fieldproof.model.rows import RowBatch, SourceFile, Value

NO_HASH: Final = bytes(32)


def encode(line: dict[str, Any]) -> bytes:
    """Bytes of a line: compact JSON with sorted keys."""
    return orjson.dumps(line, option=orjson.OPT_SORT_KEYS)


def chain(head: bytes, bodies: Iterable[bytes]) -> list[bytes]:
    """Hash of each body, each bound to the one before; `head` is the hash before the first."""
    out = []
    sha256 = hashlib.sha256
    for body in bodies:
        head = sha256(head + body).digest()
        out.append(head)
    return out


def genesis_line(version: str, recorded_at: str) -> bytes:
    """The first line of a ledger."""
    return encode({"kind": "genesis", "schema": version, "recorded_at": recorded_at})


def import_line(source: SourceFile, table: str, recorded_at: str) -> bytes:
    """The line that opens an import; its statements follow."""
    return encode({"kind": "import", "table": table, "recorded_at": recorded_at,
                   "source": asdict(source)})


def retraction_line(import_seq: int, reason: str, by: str, recorded_at: str) -> bytes:
    """The line that takes an import back."""
    return encode({"kind": "retraction", "import": import_seq, "reason": reason, "by": by,
                   "recorded_at": recorded_at})


def statement_bodies(
    import_seq: int, ids: Sequence[str], values: Sequence[dict[str, Value]], batch: RowBatch,
    refs: Sequence[str | None],
) -> list[bytes]:
    """Bodies of the statements of a batch, in order."""
    dumps, option = orjson.dumps, orjson.OPT_SORT_KEYS
    optional = _optional_columns(batch, refs)
    wkb = batch.geometry_wkb
    out = []
    for i, entity_id in enumerate(ids):
        line: dict[str, Any] = {"kind": "statement", "import": import_seq,
                                "row": batch.row_numbers[i], "id": entity_id, "values": values[i]}
        if wkb is not None and (shape := wkb[i]) is not None:
            line["geometry"] = shape.hex()
        for name, column in optional:
            if (value := column[i]) is not None:
                line[name] = value
        out.append(dumps(line, option=option))
    return out


def _optional_columns(
    batch: RowBatch, refs: Sequence[str | None]
) -> list[tuple[str, Sequence[Any]]]:
    columns: list[tuple[str, Sequence[Any] | None]] = [
        ("known_on", batch.known_on), ("valid_from", batch.valid_from),
        ("valid_to", batch.valid_to), ("stated_by", batch.stated_by),
        ("personal", refs if any(r is not None for r in refs) else None),
    ]
    if batch.extras is not None:
        columns.append(("extras", [e or None for e in batch.extras]))
    return [(name, column) for name, column in columns if column is not None]
