"""From the statements about an entity to what is held of it.

The statement that was known last wins, field by field; a statement with no date of knowledge
counts as older than any dated one; the later line of the ledger decides between equals. What a
statement does not state it does not change.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import orjson

from fieldproof.errors import LedgerTouchedError
from fieldproof.model.rows import Statement, Value


@dataclass(frozen=True, slots=True)
class Line:
    """A statement line, parsed, with its import's line.

    Attributes:
        seq: number of the line.
        body: the statement.
        opened: the import that it belongs to.

    """

    seq: int
    body: dict[str, Any]
    opened: dict[str, Any]

    @property
    def known_on(self) -> str | None:
        """When its maker knew it."""
        value = self.body.get("known_on", self.opened["source"]["known_on"])
        return None if value is None else str(value)

    @property
    def simulated(self) -> bool:
        """Whether it is made up."""
        return bool(self.opened["source"]["simulated"])

    def to_statement(self) -> Statement:
        """The statement with everything a reader may ask of it."""
        body, opened = self.body, self.opened
        source = opened["source"]
        return Statement(
            seq=self.seq, table=opened["table"], entity_id=body["id"], values=body["values"],
            stated_by=body.get("stated_by", source["stated_by"]), known_on=self.known_on,
            valid_from=body.get("valid_from"), valid_to=body.get("valid_to"),
            recorded_at=opened["recorded_at"], file_sha256=source["sha256"],
            file_name=source["name"], row=body["row"], simulated=self.simulated,
            extras=body.get("extras", {}),
        )


@dataclass(frozen=True, slots=True)
class Held:
    """What is held of an entity.

    Attributes:
        values: field -> value.
        by: field -> ledger line that it comes from.
        geometry: WKB, or None.
        simulated: a statement about it is made up.

    """

    values: dict[str, Value]
    by: dict[str, int]
    geometry: bytes | None
    simulated: bool


def fold(lines: Iterable[Line]) -> Held:
    """What is held after some statements about one entity."""
    values: dict[str, Value] = {}
    by: dict[str, int] = {}
    geometry: bytes | None = None
    simulated = False
    for line in sorted(lines, key=lambda s: (s.known_on or "", s.seq)):
        stated = line.body["values"]
        values.update(stated)
        by.update(dict.fromkeys(stated, line.seq))
        if "geometry" in line.body:
            geometry = bytes.fromhex(line.body["geometry"])
            by["geometry"] = line.seq
        simulated = simulated or line.simulated
    return Held(values, by, geometry, simulated)


def parse(body: bytes) -> dict[str, Any]:
    """A line's content.

    Raises:
        LedgerTouchedError: the bytes are no line that this program wrote.

    """
    try:
        line = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise LedgerTouchedError("a line of the ledger is no JSON; `fieldproof ledger verify` "
                                 "names it") from error
    if not isinstance(line, dict):
        raise LedgerTouchedError("a line of the ledger is no JSON object; `fieldproof ledger "
                                 "verify` names it")
    return line


def known_by(line: Line, day: str, *, recorded: bool) -> bool:
    """Whether a statement was known on a day, `YYYY-MM-DD`.

    With `recorded`, whether this register held it then. Without, whether its maker knew it then;
    a statement that does not say when counts from the day it was recorded.
    """
    entered = str(line.opened["recorded_at"])[:10]
    return (entered if recorded else line.known_on or entered) <= day
