"""Exact arithmetic of what records say against what was found, for published totals.

Coverage (what share of what there is was on a record) is a number of its own, apart from the
accuracy of the records that there are. Whole numbers, decimal text and fractions are kept exact;
a float is taken at the decimal number that it prints as.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from fieldproof.errors import ModelError

Number: TypeAlias = int | float | str | Decimal | Fraction


def exact(value: Number) -> Fraction:
    """Turn a number into a fraction: 0.6 is 3/5, not the binary number next to it.

    Raises:
        ModelError: no number, or not finite.

    """
    try:
        return Fraction(str(value)) if isinstance(value, float) else Fraction(value)
    except (ValueError, OverflowError) as error:
        raise ModelError(f"{value!r} is no finite number") from error


def _positive(name: str, value: Number) -> Fraction:
    number = exact(value)
    if number <= 0:
        raise ModelError(f"{name} is {value}; above 0 would be right")
    return number


def total_from_share(known: Number, share: Number) -> tuple[Fraction, Fraction]:
    """Total, and how many are missing, where `known` is the share `share` of it."""
    part = _positive("share", share)
    if part > 1:
        raise ModelError(f"share is {share}; 1 or less would be right")
    total = exact(known) / part
    return total, total - exact(known)


def surplus(recorded: Number, found: Number) -> tuple[Fraction, Fraction]:
    """Found less recorded, and found / recorded."""
    base = _positive("recorded", recorded)
    return exact(found) - base, exact(found) / base


def recorded_total(
    found: Number, found_unrecorded: Number, remaining_recorded: Number
) -> Fraction:
    """Total of the records: found and recorded, and recorded and still there."""
    if exact(found_unrecorded) > exact(found):
        raise ModelError(f"{found_unrecorded} found unrecorded of {found} found; no more than "
                         "were found would be right")
    return exact(found) - exact(found_unrecorded) + exact(remaining_recorded)


def unrecorded_share(found_unrecorded: Number, found: Number) -> Fraction:
    """Share of what was found that no record had."""
    return exact(found_unrecorded) / _positive("found", found)


def shortfall(expected: Number, found: Number) -> Fraction:
    """Found / expected. What is unaccounted for is not thereby absent."""
    return exact(found) / _positive("expected", expected)


def forecast_ratio(forecast_remaining: Number, really_found_later: Number) -> Fraction:
    """What was found after a forecast / what the forecast said remained."""
    return exact(really_found_later) / _positive("forecast_remaining", forecast_remaining)


def density_per_km2(items: Number, area_km2: Number) -> Fraction:
    """Items in a square kilometre."""
    return exact(items) / _positive("area_km2", area_km2)
