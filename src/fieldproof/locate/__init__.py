"""From a paper record to a place with its error."""

from fieldproof.locate.budget import AngleInstrument, ErrorBudget
from fieldproof.locate.containment import containment_outline
from fieldproof.locate.membership import membership_raster
from fieldproof.locate.monte_carlo import draw_vertices, recorded_shape
from fieldproof.locate.record import locate, locate_many

__all__ = [
    "AngleInstrument",
    "ErrorBudget",
    "containment_outline",
    "draw_vertices",
    "locate",
    "locate_many",
    "membership_raster",
    "recorded_shape",
]
