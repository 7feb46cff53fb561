"""`fieldproof progress` and `published` as a user types them."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

PUBLIC = Path(__file__).parents[2] / "examples" / "azerbaijan-public"


def run(*arguments):
    return subprocess.run([sys.executable, "-m", "fieldproof", *map(str, arguments)],
                          capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("progress") / "register"
    run("import", "-r", folder, PUBLIC / "progress_figures.csv").check_returncode()
    return folder


def test_json_stays_json_when_plots_are_written_too(folder, tmp_path):
    result = run("progress", "-r", folder, "--claims", PUBLIC / "claims.csv", "--json",
                 "--plots", tmp_path / "plots")

    shown = json.loads(result.stdout)
    assert {"periods", "cumulative", "breakdowns", "pace", "seasons", "inconsistencies",
            "tolerances", "claims", "implied", "events"} <= set(shown)
    assert len(list((tmp_path / "plots").glob("*.svg"))) == 3
    assert "progress-1.svg" in result.stderr


def test_both_statements_of_a_contradiction_are_printed_and_nothing_is_cut(folder):
    shown = json.loads(run("progress", "-r", folder, "--json").stdout)
    printed = "".join(run("progress", "-r", folder).stdout.split())

    for i in shown["inconsistencies"]:
        for side in (i["left"], i["right"]):
            assert side["figure_id"] in printed
    assert "…" not in printed


def test_districts_agencies_and_months_are_shown(folder):
    text = run("progress", "-r", folder).stdout

    assert all(name in text for name in ("Jabrayil", "14,016.7", "State Border Service",
                                         "agriculture", "month of the year"))


def test_an_operator_has_a_pace_of_its_own_and_an_empty_plot_no_warning(folder, tmp_path):
    result = run("progress", "-r", folder, "--operator", "Ministry of Defence",
                 "--plots", tmp_path)

    assert "13,000 ha a year" in result.stdout
    assert "62,023" not in result.stdout
    assert "Warning" not in result.stderr


def test_one_kind_alone(folder):
    text = run("progress", "-r", folder, "--kind", "casualties").stdout.partition("pace")[0]

    assert "392" in text
    assert "hectares" not in text


def test_an_unknown_kind_is_named_with_what_would_be_right(folder):
    result = run("progress", "-r", folder, "--kind", "mines")

    assert result.returncode != 0
    assert "--kind mines" in result.stderr
    assert "ap_mines" in result.stderr


def test_square_brackets_in_a_statement_are_printed_and_not_obeyed(tmp_path):
    names = ["figure_id", "period_end", "scope", "hectares_cleared", "killed", "injured",
             "casualties", "publisher", "source_url"]
    with (tmp_path / "figures.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerows([names, ["X-1", "2024-01-01", "cumulative", 5, 1, 1, 3, "agency [/bold]",
                                  "https://example.org/[red]"]])
    run("import", "-r", tmp_path / "r", "--table", "progress_figures",
        tmp_path / "figures.csv").check_returncode()

    result = run("progress", "-r", tmp_path / "r")

    assert result.returncode == 0
    assert "agency [/bold]" in result.stdout
    assert "[red]" in result.stdout


def test_published_prints_each_computation():
    text = run("published", PUBLIC.parent / "published-records").stdout

    assert all(value in text for value in ("44,147", "31,975", "12,348,090", "26,341,456",
                                           "62,991,706"))
    assert "not thereby absent" in text
