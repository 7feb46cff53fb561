"""Exact arithmetic of what records say against what was found, for published totals.

Coverage (what share of what there is was on a record) is a number of its own, apart from the
accuracy of the records that there are.
"""

from __future__ import annotations

from fieldproof.errors import ModelError


def _positive(name: str, value: float) -> None:
    if value <= 0:
        raise ModelError(f"{name} is {value}; above 0 would be right")


def total_from_share(known: float, share: float) -> tuple[float, float]:
    """Total, and how many are missing, where `known` is the share `share` of it."""
    _positive("share", share)
    if share > 1:
        raise ModelError(f"share is {share}; 1 or less would be right")
    total = known / share
    return total, total - known


def surplus(recorded: float, found: float) -> tuple[float, float]:
    """Found less recorded, and found / recorded."""
    _positive("recorded", recorded)
    return found - recorded, found / recorded


def recorded_total(found: float, found_unrecorded: float, remaining_recorded: float) -> float:
    """Total of the records: found and recorded, and recorded and still there."""
    return found - found_unrecorded + remaining_recorded


def unrecorded_share(found_unrecorded: float, found: float) -> float:
    """Share of what was found that no record had."""
    _positive("found", found)
    return found_unrecorded / found


def shortfall(expected: float, found: float) -> float:
    """Found / expected. What is unaccounted for is not thereby absent."""
    _positive("expected", expected)
    return found / expected


def forecast_ratio(forecast_remaining: float, really_found_later: float) -> float:
    """What was found after a forecast / what the forecast said remained."""
    _positive("forecast_remaining", forecast_remaining)
    return really_found_later / forecast_remaining


def density_per_km2(items: float, area_km2: float) -> float:
    """Items in a square kilometre."""
    _positive("area_km2", area_km2)
    return items / area_km2
