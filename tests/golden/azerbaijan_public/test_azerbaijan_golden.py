"""The real file: the pinned contradictions, no fewer and no more, each with its own pages."""

import csv
import json
from decimal import Decimal
from pathlib import Path

from fieldproof.forecast.consistency import find_inconsistencies
from fieldproof.forecast.figures import figure_from

HERE = Path(__file__).parent
SOURCE = HERE.parents[2] / "examples" / "azerbaijan-public" / "progress_figures.csv"
with SOURCE.open(encoding="utf-8", newline="") as _stream:
    ROWS = list(csv.DictReader(_stream))
FIGURES = [
    figure_from({k: v for k, v in r.items() if v}, r["figure_id"], r["publisher"] or "unknown",
                r["statement_date"] or None)
    for r in ROWS
]
PAGES = {r["figure_id"]: r["source_url"] for r in ROWS}


def test_exactly_the_contradictions_of_the_list_are_found():
    expected = {(c["kind"], *c["left"], *c["right"])
                for c in json.loads((HERE / "inconsistencies.json").read_text("utf-8"))}

    found = {(i.kind, i.left["figure_id"], i.left["value"], i.right["figure_id"],
              i.right["value"]) for i in find_inconsistencies(FIGURES)}

    assert found == expected


def test_each_side_names_the_page_of_its_own_row():
    for i in find_inconsistencies(FIGURES):
        for side in (i.left, i.right):
            assert side["url"] == PAGES[side["figure_id"]]
            assert side["url"].startswith("http")


def test_each_breakdown_of_2023_sums_to_the_total_exactly():
    land = json.loads((HERE / "land_2023.json").read_text("utf-8"))
    columns = {"operator": "operator_scope", "land_use": "land_use", "area": "area"}
    for name, count in land["rows"].items():
        parts = [Decimal(r["hectares_cleared"]) for r in ROWS
                 if r[columns[name]] and r["note"].startswith("breakdown")]
        assert len(parts) == count
        assert sum(parts) == Decimal(land["total"])


def test_the_seeds_of_the_case_are_there_as_stated():
    week, total = (next(r for r in ROWS if r["figure_id"] == i) for i in ("AZ-143", "AZ-142"))

    assert [week[k] for k in ("period_start", "period_end", "hectares_cleared", "ap_mines",
                              "at_mines", "uxo")] == [
        "2025-03-31", "2025-04-06", "2000", "107", "13", "870"]
    assert [total[k] for k in ("hectares_cleared", "uxo", "ap_mines", "at_mines", "killed",
                               "injured", "casualties")] == [
        "190000", "133000", "32000", "21000", "70", "317", "392"]


def test_casualties_stated_beside_a_week_are_not_those_of_the_week():
    week, total = (next(r for r in ROWS if r["figure_id"] == i) for i in ("AZ-060", "AZ-166"))

    assert week["scope"] == "weekly"
    assert not week["casualties"]
    assert (total["scope"], total["casualties"], total["period_start"]) == ("cumulative", "262", "")
    assert total["source_url"] == week["source_url"]
