import pytest

from fieldproof.model.codelist import CODE_LISTS, code_list
from fieldproof.model.codes import LandClass
from fieldproof.model.schema import FieldType, GeometryKind
from fieldproof.model.tables import STATEMENT_FIELDS, TABLES


@pytest.fixture(params=TABLES.values(), ids=lambda t: t.name)
def table(request):
    return request.param


def test_key_fields_exist_and_are_required(table):
    for name in table.key:
        assert table[name].required, f"{table.name}.{name}"


def test_field_names_are_unique(table):
    names = [f.name for f in table]

    assert len(set(names)) == len(names)


def test_no_field_shadows_the_statement_fields(table):
    assert not {f.name for f in table} & {f.name for f in STATEMENT_FIELDS}


def test_a_field_has_a_code_list_exactly_when_it_is_a_code(table):
    for f in table:
        assert (f.type is FieldType.CODE) == (f.codes is not None), f.name
        if f.codes is not None:
            assert f.codes in CODE_LISTS, f.name


def test_examples_of_codes_are_codes(table):
    for f in table:
        if f.codes is not None and f.example:
            assert f.example in f.code_list.values(), f"{table.name}.{f.name}"


def test_parents_are_tables_and_come_before(table):
    order = list(TABLES)
    for name, parent in table.parents.items():
        table[name]
        assert order.index(parent) < order.index(table.name)


def test_aliases_do_not_lead_to_two_fields_of_a_table(table):
    seen: dict[str, str] = {}
    for f in (*table, *STATEMENT_FIELDS):
        for alias in {f.name, *f.aliases}:
            assert seen.setdefault(alias, f.name) == f.name, f"{table.name}: {alias}"


def test_point_tables_can_say_where(table):
    names = {f.name for f in table}

    assert (table.geometry is GeometryKind.POINT) == ("bearing_distance_m" in names)


def test_every_description_is_a_sentence(table):
    for f in table:
        assert f.description.endswith("."), f"{table.name}.{f.name}"


def test_reading_conventions_are_required_codes_with_unknown():
    records = TABLES["minefield_records"]
    for name in ("angle_unit", "north_reference", "coordinate_system", "legal_duty"):
        assert records[name].required
        assert "unknown" in records[name].code_list.values()


def test_personal_fields_are_those_of_people():
    personal = {f"{t.name}.{n}" for t in TABLES.values() for n in t.personal_fields}

    assert personal == {
        "minefield_records.commander", "victims.name", "victims.date_of_birth", "victims.address",
    }


def test_every_code_list_says_where_it_comes_from():
    for codes in CODE_LISTS.values():
        assert codes.source
        assert codes.title.endswith(".")
        assert len(set(codes.values())) == len(codes.values())


def test_a_code_list_cannot_be_defined_twice():
    with pytest.raises(ValueError, match="twice"):
        code_list("land_class", source="here", verified=False)(LandClass)
