import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldproof.adapters.exchange.values import (
    Unreadable,
    parse_column,
    read_date,
    read_number,
    reader_of,
)
from fieldproof.model.tables import FINDS, PROGRESS_FIGURES, SEARCHES

DEPTH, POD = FINDS["depth_cm"], SEARCHES["pod"]


@pytest.mark.parametrize(("text", "value"), [
    ("5", 5.0), ("5.246", 5.246), ("5,2", 5.2), ("1 234,5", 1234.5), ("1,234.5", 1234.5),
    ("1.234,5", 1234.5), ("-3", -3.0), ("1e3", 1000.0), ("12\u00a0345", 12345.0),
])
def test_numbers_as_people_write_them(text, value):
    assert read_number(text) == value


def test_a_comma_that_can_be_thousands_or_decimal_is_refused_with_both_readings():
    """A week of 5.246 or of 5,246 hectares: it happened."""
    answer = read_number("5,246")

    assert isinstance(answer, Unreadable)
    assert "5246" in answer.problem
    assert "5.246" in answer.problem


@pytest.mark.parametrize("text", ["abc", "1,23,4", "1.2.3", "nan", "inf", "1_000", "12 m"])
def test_what_is_no_number(text):
    assert isinstance(read_number(text), Unreadable)


@pytest.mark.parametrize(("text", "value"), [
    ("2021-11-30", "2021-11-30"), ("2021-11-30T08:00:00", "2021-11-30"),
    ("30.11.2021", "2021-11-30"), ("30/11/2021", "2021-11-30"), ("11/30/2021", "2021-11-30"),
    ("05/05/2021", "2021-05-05"), ("44530", "2021-11-30"),
])
def test_dates_as_people_write_them(text, value):
    assert read_date(text) == value


def test_a_date_with_two_readings_is_refused_until_the_order_is_given():
    answer = read_date("03/04/2021")

    assert isinstance(answer, Unreadable)
    assert "2021-04-03" in answer.problem
    assert "2021-03-04" in answer.problem
    assert read_date("03/04/2021", "dmy") == "2021-04-03"
    assert read_date("03/04/2021", "mdy") == "2021-03-04"


@pytest.mark.parametrize("text", ["31.02.2021", "2021-13-01", "2021-04", "yesterday"])
def test_what_is_no_date(text):
    assert isinstance(read_date(text), Unreadable)


@pytest.mark.parametrize("text", ["ap_mine", "AP mine", "AP", "anti-personnel mine",
                                  "ПРОТИВОПЕХОТНАЯ", "AP-Mine"])
def test_codes_in_the_words_of_the_field(text):
    assert reader_of(FINDS["device_class"])(text) == "ap_mine"


def test_a_code_that_is_not_on_the_list_names_the_list():
    answer = reader_of(FINDS["device_class"])("bomb")

    assert isinstance(answer, Unreadable)
    assert "cluster_munition_remnant" in answer.right


def test_range_is_checked_on_the_fast_path_and_on_the_slow_one():
    fast, bad_fast = parse_column(POD, ["0.5", "1.5"])
    slow, bad_slow = parse_column(POD, ["0.5", None, "1.5"])

    assert fast == [0.5, None]
    assert list(bad_fast) == [1]
    assert slow == [0.5, None, None]
    assert list(bad_slow) == [2]


@given(st.lists(st.one_of(
    st.floats(0, 1e6, allow_nan=False).map(repr), st.integers(0, 10**6).map(str),
    st.sampled_from(["1 234", "2,5", "x", "", "nan", "-1", " 7 "]),
), max_size=30))
def test_the_fast_path_equals_the_plain_one(texts):
    """A column read at once is what each of its values is on its own."""
    column, bad = parse_column(DEPTH, texts)
    for i, text in enumerate(texts):
        (one,), one_bad = parse_column(DEPTH, [text])
        padded, padded_bad = parse_column(DEPTH, [text, None])
        assert column[i] == one == padded[0]
        assert (i in bad) == (0 in one_bad) == (0 in padded_bad)


def test_whole_numbers_stay_whole():
    values, bad = parse_column(PROGRESS_FIGURES["uxo"], ["3", "4.0", "4.5", "1,234"])

    assert values[:2] == [3, 4]
    assert sorted(bad) == [2, 3]
