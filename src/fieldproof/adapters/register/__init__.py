"""The register: an append-only, hash-chained ledger and the tables projected from it."""

from fieldproof.adapters.register.store import Register
from fieldproof.adapters.register.types import (
    Counts,
    EntityRow,
    ImportInfo,
    QuarantinedRow,
    Touched,
    Verification,
)

__all__ = [
    "Counts", "EntityRow", "ImportInfo", "QuarantinedRow", "Register", "Touched", "Verification",
]
