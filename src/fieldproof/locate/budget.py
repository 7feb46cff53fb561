"""The error budget of a record: how far each of its readings may be wrong.

All figures are 1 sigma. They are parameters; every report prints them. Defaults are what a
careful person with the instruments of a Soviet engineer unit reaches; the first real batch should
replace them by what re-surveyed landmarks show.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class ErrorBudget:
    """1 sigma of each error.

    Attributes:
        landmark_m: per axis, of a landmark read off a map, where its own error is not known:
            0.5 mm at 1:50 000 [judgement].
        surveyed_landmark_m: per axis, of a landmark measured with GNSS.
        landmark_identity_m: per axis, of standing at the landmark that is meant.
        rotation_deg: what all angles of a record share: instrument, person, local iron.
        scale: what all distances share: pace or tape, as a ratio (2 to 4 % for a well-tested
            pace on level ground [bmstu-topography]).
        angle_deg: of one angle: an Adrianov compass in the hand, 3° divisions [judgement].
        distance: of one distance, as a ratio.
        distance_floor_m: of one distance, at least.
        declination_unknown_date_deg: added where the date of laying is not known.
        printed_declination_deg: of a declination printed on a map's margin [judgement].
        no_declination_deg: of magnetic angles whose date no field model covers.
        shared_point_share: share of the variance of coordinates read off one map that all its
            points have in common [judgement].
        unknown_north_deg: added where the north of the angles is not known.

    """

    landmark_m: float = 25.0
    surveyed_landmark_m: float = 2.0
    landmark_identity_m: float = 3.0
    rotation_deg: float = 1.0
    scale: float = 0.02
    angle_deg: float = 1.5
    distance: float = 0.01
    distance_floor_m: float = 0.5
    declination_unknown_date_deg: float = 0.8
    printed_declination_deg: float = 0.5
    no_declination_deg: float = 10.0
    shared_point_share: float = 0.5
    unknown_north_deg: float = 2.5

    def to_dict(self) -> dict[str, float]:
        """Name -> value, for printing with a result."""
        return asdict(self)
