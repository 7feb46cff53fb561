"""How a unit measures and writes down a field, and how a form comes to be read wrongly.

The forward way, on the ellipsoid: true azimuths by geodesic, magnetic by the declination on the
day, divisions as an Adrianov compass shows them, paces as a person walks them, landmarks as a map
of 1:50 000 gives them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

import numpy as np
import numpy.typing as npt
from pyproj import Geod

from fieldproof.geo.datum import wgs84_to_sk42
from fieldproof.geo.gauss_kruger import to_grid
from fieldproof.geo.magnetism import declination_deg

FloatArray = npt.NDArray[np.float64]
_GEOD = Geod(ellps="WGS84")

MILS = 6000
#: Metres in a pair of steps.
PAIR_OF_STEPS_M = 1.5


class Misreading(StrEnum):
    """How a right form was read wrongly."""

    BACK_AZIMUTH = "back_azimuth"
    MIRRORED_DIAL = "mirrored_dial"
    NO_DATUM_SHIFT = "no_datum_shift"
    PAIR_STEPS_AS_METRES = "pair_steps_as_metres"
    MIL_6400_FOR_6000 = "mil_6400_for_6000"
    GRID_TAKEN_FOR_MAGNETIC = "grid_taken_for_magnetic"


@dataclass(frozen=True, slots=True)
class Measurement:
    """What stands on a form.

    Attributes:
        landmark_xy: X north and Y east with zone, SK-42 metres, as read off the map.
        landmark_lonlat: where the landmark really is, WGS 84.
        mils: (1 + n,) divisions of the tie and of each side, from magnetic north, clockwise.
        distances_m: (1 + n,) metres as paced.
        laid_on: the day.

    """

    landmark_xy: tuple[float, float]
    landmark_lonlat: tuple[float, float]
    mils: tuple[int, ...]
    distances_m: tuple[float, ...]
    laid_on: date


@dataclass(frozen=True, slots=True)
class Skill:
    """1 sigma of a unit's errors.

    Attributes:
        map_m: reading a landmark off the map, per axis.
        rotation_deg: of the compass and the person who holds it, all day.
        angle_deg: of one azimuth.
        pace: of all paces of a person, as a ratio.
        distance: of one distance, as a ratio.

    """

    map_m: float = 25.0
    rotation_deg: float = 1.0
    angle_deg: float = 1.5
    pace: float = 0.02
    distance: float = 0.01


def measure(
    corners: FloatArray, landmark: tuple[float, float], laid_on: date, skill: Skill,
    rng: np.random.Generator,
) -> Measurement:
    """Measure a field from a landmark.

    Args:
        corners: (n, 2) WGS 84 longitude, latitude in degrees, in order; the ring is closed.
        landmark: WGS 84 longitude, latitude in degrees.
        laid_on: the day, for the declination.
        skill: errors.
        rng: of the errors.

    """
    ring = np.vstack([[landmark], corners, corners[:1]])
    azimuth, _, distance = _GEOD.inv(ring[:-1, 0], ring[:-1, 1], ring[1:, 0], ring[1:, 1])
    n = len(distance)
    magnetic = np.asarray(azimuth) - declination_deg(*landmark, laid_on)
    magnetic = magnetic + rng.normal(0, skill.rotation_deg) + rng.normal(0, skill.angle_deg, n)
    paced = np.asarray(distance) * (1 + rng.normal(0, skill.pace))
    paced = paced * (1 + rng.normal(0, skill.distance, n))
    mils = np.round(magnetic % 360 / 360 * MILS / 5) * 5 % MILS
    lon, lat = wgs84_to_sk42(*landmark)
    x, y = to_grid(float(lon), float(lat))
    read = rng.normal(0, skill.map_m, 2)
    return Measurement(
        (round((x + read[0]) / 10) * 10.0, round((y + read[1]) / 10) * 10.0), landmark,
        tuple(int(m) for m in mils), tuple(float(max(1, round(d))) for d in paced), laid_on,
    )


def misread(form: Measurement, how: Misreading) -> Measurement:
    """The form as a reader types it who takes it wrongly."""
    mils, distances, xy = form.mils, form.distances_m, form.landmark_xy
    if how is Misreading.BACK_AZIMUTH:
        mils = tuple((m + MILS // 2) % MILS for m in mils)
    elif how is Misreading.MIRRORED_DIAL:
        mils = tuple((MILS - m) % MILS for m in mils)
    elif how is Misreading.PAIR_STEPS_AS_METRES:
        distances = tuple(float(max(1, round(d / PAIR_OF_STEPS_M))) for d in distances)
    elif how is Misreading.MIL_6400_FOR_6000:
        mils = tuple(round(m * 6400 / MILS) % MILS for m in mils)
    elif how is Misreading.GRID_TAKEN_FOR_MAGNETIC:
        turn = declination_deg(*form.landmark_lonlat, form.laid_on) / 360 * MILS
        mils = tuple(round(m + turn) % MILS for m in mils)
    else:
        x, y = to_grid(*form.landmark_lonlat)  # WGS 84 degrees taken for those of the old datum
        xy = (round(x / 10) * 10.0, round(y / 10) * 10.0)
    return replace(form, mils=mils, distances_m=distances, landmark_xy=xy)


def blunder(form: Measurement) -> Measurement:
    """The form with 100 m too many typed for one side: its ring no longer closes."""
    distances = list(form.distances_m)
    distances[2] += 100.0
    return replace(form, distances_m=tuple(distances))
