"""Every exception that Fieldproof raises on purpose, with the exit code the command line gives it.

Exit codes stand in groups of ten: 10 input, 20 register, 30 geometry and geodesy, 40 models.
"""

from __future__ import annotations


class FieldproofError(Exception):
    """A mistake we can name. Its text says what was wrong and what would be right."""

    exit_code = 1


class InputError(FieldproofError):
    """A file, row or field that cannot be taken as it stands."""

    exit_code = 10


class UnknownFormatError(InputError):
    """A file whose format none of the readers knows."""

    exit_code = 11


class MappingError(InputError):
    """Columns that do not lead to the fields a table requires."""

    exit_code = 12


class RegisterError(FieldproofError):
    """A register that is missing, of another version, or used wrongly."""

    exit_code = 20


class LedgerTouchedError(RegisterError):
    """A ledger line, a projected row or a kept file is not what was once written."""

    exit_code = 21


class GeometryError(FieldproofError):
    """A shape that cannot be used: too few points, self-crossing, empty."""

    exit_code = 30


class CoordinateError(GeometryError):
    """Coordinates that cannot be read, are out of range, or need something not given."""

    exit_code = 31


class UnsupportedEpochError(GeometryError):
    """A date outside the years for which the field model is defined."""

    exit_code = 32


class ModelError(FieldproofError):
    """A model was asked for something that its inputs or its definition do not allow."""

    exit_code = 40
