"""From a paper record to a place with its error."""

from fieldproof.locate.budget import ErrorBudget
from fieldproof.locate.outlines import (
    containment_outline,
    draw_vertices,
    membership_raster,
    recorded_shape,
)
from fieldproof.locate.record import locate, locate_many

__all__ = [
    "ErrorBudget",
    "containment_outline",
    "draw_vertices",
    "locate",
    "locate_many",
    "membership_raster",
    "recorded_shape",
]
