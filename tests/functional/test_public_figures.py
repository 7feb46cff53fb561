"""The real public figures: each known contradiction is found, with both its sources."""

from pathlib import Path

import pytest

from fieldproof.adapters.register import Register
from fieldproof.workflows.import_files import import_files
from fieldproof.workflows.show_progress import show_progress

PUBLIC = Path(__file__).parents[2] / "examples" / "azerbaijan-public"


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    with Register.create(tmp_path_factory.mktemp("public") / "register") as register:
        results = import_files(register, [PUBLIC / "progress_figures.csv",
                                          PUBLIC / "information_events.csv"])
        assert all(r.rejected == 0 for r in results)
        return show_progress(register, claims=PUBLIC / "claims.csv")


def _found(shown, kind, *numbers):
    return [i for i in shown["inconsistencies"]
            if i["kind"] == kind and all(n in i["text"] for n in numbers)]


@pytest.mark.parametrize(("kind", "numbers", "sources"), [
    ("sum_within_statement", ("70", "317", "392"), {"aa.com.tr"}),
    ("sum_within_statement", ("65", "278", "345"), {"turan.az"}),
    ("same_period", ("5.246", "5,246"), {"en.trend.az", "www.today.az"}),
    ("same_period", ("11.6", "111.6762"), {"news.az", "de.azvision.az"}),
    ("falling_total", ("20,000", "9,568.1"), {"en.trend.az", "www.azernews.az"}),
    ("falling_total", ("44,698", "40,000"), {"en.trend.az", "www.today.az"}),
    ("swapped_kinds", ("1,020", "972"), {"en.trend.az", "mtm.az"}),
    ("outstanding_week", ("3,544",), {"silkway.news"}),
    ("odd_period", ("10 days",), {"report.az"}),
])
def test_a_known_contradiction_is_found_with_both_sources(shown, kind, numbers, sources):
    found = _found(shown, kind, *numbers)

    assert found
    pages = f"{found[0]['left']['url']} {found[0]['right']['url']}"
    assert all(s in pages for s in sources), pages


def test_nothing_is_decided_and_nobody_is_accused(shown):
    for item in shown["inconsistencies"]:
        assert not {"wrong", "false", "violation", "lie"} & set(item["text"].lower().split())


def test_breakdowns_that_agree_raise_no_alarm(shown):
    """Agencies, land uses and districts of 2023 each sum to the total."""
    assert not _found(shown, "breakdown")


def test_names_of_contradictions_are_unique_and_stable(shown):
    names = [i["id"] for i in shown["inconsistencies"]]

    assert len(set(names)) == len(names)
    assert "sum_within_statement:AZ-142.casualties:AZ-142.killed+injured" in names


@pytest.mark.parametrize(("text", "value"), [
    ("cost of a square metre, if the stated cost is for the stated share", 2.41),
    ("area a year, if it takes the stated years", 346.4),
    ("mines in a square kilometre", 144.34),
    ("mines in a hectare", 1.44),
    ("records handed over, both statements together", 980),
    ("mines on the maps of three districts", 189_000),
    ("years for the rest at the pace stated for 2024", 13.7),
    ("mines found in a hectare cleared, to 2025-04-04", 0.28),
])
def test_what_the_claims_imply(shown, text, value):
    (found,) = [i for i in shown["implied"] if i["text"] == text]

    assert found["value"] == pytest.approx(value, rel=0.005)
    assert found["inputs"]


def test_the_pace_is_the_stated_one_and_the_median_slope(shown):
    paces = {p["name"]: p["hectares_per_year"] for p in shown["pace"]}

    assert paces["stated for 2024"] == 62_023
    assert 50_000 < paces["last two years"] < 65_000


def test_both_sides_of_the_exchange_of_maps_are_there(shown):
    speakers = " ".join(str(e.get("from_party")) for e in shown["events"])

    assert "Armenia" in speakers
    assert "Azerbaijan" in speakers


def test_plots_have_words_and_are_the_same_each_time(shown):
    for plot in shown["plots"]:
        assert plot["svg"].startswith("<svg")
        assert len(plot["alt"]) > 30
