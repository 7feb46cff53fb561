"""The error budget of a record: how far each of its readings may be wrong.

All figures are 1 sigma. They are parameters; every report prints them. Defaults are what a
careful person with the instruments of a Soviet engineer unit reaches; the first real batch should
replace them by what re-surveyed landmarks show. Where a default has no published source it is
marked [judgement].
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from math import isfinite
from typing import Final

from fieldproof.errors import GeometryError


class AngleInstrument(StrEnum):
    """What an azimuth was measured with."""

    HAND_COMPASS = "hand_compass"            # Adrianov: 3° divisions, held in the hand
    SIGHTING_COMPASS = "sighting_compass"    # prism or mirror, 1° divisions, held in the hand
    ARTILLERY_COMPASS = "artillery_compass"  # on a tripod, divisions of a mil


#: 1 sigma of one azimuth, degrees, by instrument: about half a division in the hand, a few mils on
#: a tripod [judgement].
ANGLE_SIGMA_DEG: Final[dict[AngleInstrument, float]] = {
    AngleInstrument.HAND_COMPASS: 1.5,
    AngleInstrument.SIGHTING_COMPASS: 1.0,
    AngleInstrument.ARTILLERY_COMPASS: 0.2,
}


@dataclass(frozen=True, slots=True)
class ErrorBudget:
    """1 sigma of each error.

    Attributes:
        landmark_m: per axis, of a point read off a map, where neither its own error nor the scale
            of the map is known: 0.5 mm at 1:50 000 [judgement].
        map_reading_mm: per axis on the paper, of a point read off a map of known scale
            [judgement].
        surveyed_landmark_m: per axis, of a point measured with GNSS [judgement].
        landmark_identity_m: per axis, of standing at the very point that is meant, a building's
            corner instead of its middle [judgement].
        rotation_deg: what all angles of a record share: instrument, person, local iron
            [judgement].
        scale: what all distances share: pace or tape, as a ratio (2 to 4 % for a well-tested
            pace on level ground [bmstu-topography]).
        angle_deg: of one angle: an Adrianov compass in the hand [judgement].
        distance: of one distance, as a ratio [judgement].
        distance_floor_m: of one distance, at least [judgement].
        printed_declination_deg: of a declination printed on a map's margin [judgement].
        unknown_north_deg: added where the north of the angles is not known, beside the distance
            between the two norths [judgement].
        unknown_date_first_year: earliest year of laying where the form gives no date.
        unknown_date_last_year: latest such year.
        shared_point_share: share of the variance of coordinates read off one map, of the best of
            them, that all its points have in common [judgement].

    """

    landmark_m: float = 25.0
    map_reading_mm: float = 0.5
    surveyed_landmark_m: float = 2.0
    landmark_identity_m: float = 3.0
    rotation_deg: float = 1.0
    scale: float = 0.02
    angle_deg: float = ANGLE_SIGMA_DEG[AngleInstrument.HAND_COMPASS]
    distance: float = 0.01
    distance_floor_m: float = 0.5
    printed_declination_deg: float = 0.5
    unknown_north_deg: float = 2.5
    unknown_date_first_year: int = 1988
    unknown_date_last_year: int = 2020
    shared_point_share: float = 0.5

    def __post_init__(self) -> None:
        for name, value in asdict(self).items():
            if not isfinite(value) or value < 0:
                raise GeometryError(
                    f"error budget: {name} is {value}; a 1 sigma of zero or more would be right"
                )
        if self.shared_point_share > 1:
            raise GeometryError("error budget: shared_point_share is a share, 0 to 1")
        if self.unknown_date_first_year > self.unknown_date_last_year:
            raise GeometryError("error budget: the years of an unknown date are swapped")

    def with_instrument(self, instrument: AngleInstrument) -> ErrorBudget:
        """The same budget for angles measured with `instrument`."""
        return replace(self, angle_deg=ANGLE_SIGMA_DEG[instrument])

    def to_dict(self) -> dict[str, float]:
        """Name -> value, for printing with a result."""
        return asdict(self)
