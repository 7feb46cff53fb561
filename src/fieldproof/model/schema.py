"""What a table of the default schema is made of.

The schema is data: readers check rows against it, the register makes its projections from it,
and the documentation page, the table schema (Frictionless style) and the fill-in workbook are
generated from it. So a field is described once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from fieldproof.model.codelist import CODE_LISTS, CodeList


class FieldType(StrEnum):
    """Type of a field's value, in memory and in JSON.

    TEXT str; INTEGER int; NUMBER float; BOOLEAN bool; DATE str `YYYY-MM-DD`; CODE str out of a
    code list.
    """

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    CODE = "code"


class GeometryKind(StrEnum):
    """What geometry the rows of a table have."""

    NONE = "none"
    POINT = "point"
    AREA = "area"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a table.

    Attributes:
        name: snake_case; ends in its unit where the value is a bare number.
        type: type of the value.
        description: what it is, for a person who fills a form.
        required: a row without it cannot be taken.
        codes: name of the code list (only for CODE).
        minimum: smallest value that can be right.
        maximum: largest value that can be right.
        aliases: other headings under which files of the field carry it, any language.
        example: a value as it is typed.
        personal: personal data; kept out of the ledger, of logs and of exports.

    """

    name: str
    type: FieldType
    description: str
    required: bool = False
    codes: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    aliases: tuple[str, ...] = ()
    example: str = ""
    personal: bool = False

    @property
    def code_list(self) -> CodeList:
        """The code list of a CODE field."""
        if self.codes is None:
            raise ValueError(f"field {self.name} has no code list")
        return CODE_LISTS[self.codes]


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the default schema.

    Attributes:
        name: plural, snake_case; also the name of the register's projection.
        title: for people.
        description: what a row is.
        key: the fields that together name a row's entity. Where the key is the single field
            `<x>_id` and a row has none, the reader derives one from the file and the row.
        fields: all fields, location fields included.
        geometry: what geometry a row has.
        parents: field name -> table whose key it refers to.
        imas: the clause or list that the table answers to.

    """

    name: str
    title: str
    description: str
    key: tuple[str, ...]
    fields: tuple[Field, ...]
    geometry: GeometryKind = GeometryKind.NONE
    parents: dict[str, str] = field(default_factory=dict)
    imas: str = ""

    def __iter__(self) -> Iterator[Field]:
        return iter(self.fields)

    def __getitem__(self, name: str) -> Field:
        for candidate in self.fields:
            if candidate.name == name:
                return candidate
        raise KeyError(name)

    @property
    def personal_fields(self) -> tuple[str, ...]:
        """Names of the fields that hold personal data."""
        return tuple(f.name for f in self.fields if f.personal)


def text(name: str, description: str, *aliases: str, required: bool = False,
         example: str = "", personal: bool = False) -> Field:
    """Make a text field."""
    return Field(name, FieldType.TEXT, description, required, aliases=aliases, example=example,
                 personal=personal)


def integer(name: str, description: str, *aliases: str, required: bool = False,
            minimum: float | None = 0, maximum: float | None = None, example: str = "") -> Field:
    """Make an integer field, not negative unless told."""
    return Field(name, FieldType.INTEGER, description, required, minimum=minimum, maximum=maximum,
                 aliases=aliases, example=example)


def number(name: str, description: str, *aliases: str, required: bool = False,
           minimum: float | None = 0, maximum: float | None = None, example: str = "") -> Field:
    """Make a number field, not negative unless told."""
    return Field(name, FieldType.NUMBER, description, required, minimum=minimum, maximum=maximum,
                 aliases=aliases, example=example)


def date(name: str, description: str, *aliases: str, required: bool = False,
         example: str = "2021-11-30", personal: bool = False) -> Field:
    """Make a date field."""
    return Field(name, FieldType.DATE, description, required, aliases=aliases, example=example,
                 personal=personal)


def code(name: str, codes: str, description: str, *aliases: str, required: bool = False,
         example: str = "") -> Field:
    """Make a field whose value comes out of the code list `codes`."""
    return Field(name, FieldType.CODE, description, required, codes=codes, aliases=aliases,
                 example=example)


def boolean(name: str, description: str, *aliases: str, required: bool = False) -> Field:
    """Make a yes/no field."""
    return Field(name, FieldType.BOOLEAN, description, required, aliases=aliases, example="yes")


#: A place, as it was given. A row uses one of the ways and leaves the rest empty; what was given
#: is kept beside the WGS 84 geometry that is made from it.
LOCATION_FIELDS: tuple[Field, ...] = (
    number("latitude", "WGS 84 latitude in decimal degrees.", "lat", "enlem", "широта", "lat_dd",
           minimum=-90, maximum=90, example="39.8012"),
    number("longitude", "WGS 84 longitude in decimal degrees.", "lon", "long", "lng", "boylam",
           "долгота", "lon_dd", minimum=-180, maximum=180, example="46.7105"),
    text("coordinates", "Coordinates as written, both numbers in one cell (N or X first): decimal "
         "degrees, DMS, MGRS, UTM, Gauss-Krüger full or short.", "coord", "coords", "mgrs",
         "position", "координаты", example="4408210 8646030"),
    code("coordinate_system", "coordinate_system", "How the coordinates are written; required "
         "with `coordinates`, `unknown` is an answer.", "crs", "coord_system", "datum",
         "система координат", example="sk42_gk6"),
    text("map_sheet", "Soviet sheet name, needed by short coordinates.", "sheet", "nomenclature",
         "лист карты", example="J-38-12-А-б"),
    text("from_landmark", "Landmark (its id) from which the place was measured.",
         "reference_point", "from_point", "ориентир", example="LM-1"),
    number("bearing", "Bearing from the landmark, in `bearing_unit`.", "azimuth", "азимут",
           minimum=None, example="312.5"),
    code("bearing_unit", "angle_unit", "Unit of the bearing; required with it.", example="degree"),
    code("bearing_north", "north_reference", "North of the bearing; required with it.",
         example="magnetic"),
    number("bearing_distance_m", "Distance from the landmark in metres.", "distance_m",
           example="240"),
    number("position_accuracy_m", "Horizontal accuracy of the place, 1 sigma in metres, as stated "
           "by its source.", "accuracy", "gps_accuracy", "hdop_m", example="5"),
)


def located(table_fields: tuple[Field, ...]) -> tuple[Field, ...]:
    """Give `table_fields` with the location fields behind them."""
    return table_fields + LOCATION_FIELDS
