"""The one place where the program reads the time."""

from __future__ import annotations

from datetime import UTC, date, datetime


def now_iso() -> str:
    """UTC time now, ISO 8601 with microseconds and `Z`."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def today() -> date:
    """UTC date today."""
    return datetime.now(UTC).date()
