"""Hostile text stays text."""

import copy
import json
import re

from fieldproof.adapters.report.html import render_report, report_json
from fieldproof.model.codes import RecordStatus

EVIL = '</script><img src=x onerror="alert(1)">&\'"'
INTERVAL = {"name": EVIL, "value": None, "low": 0.1, "high": 0.9, "level": 0.95}
DATA = {
    "title": EVIL, "generated_at": "2024-01-01", "version": "0", "simulated": True, "seed": 1,
    "head": {"seq": 1, "hash": "ab"}, "centre": EVIL, "progress": None, "files": [],
    "parameters": {EVIL: {EVIL: EVIL}},
    "figure": {
        "sentence": EVIL, "definition": "a " + EVIL, "n_records": 1, "exact": None,
        "exact_refused": EVIL, "bounds": INTERVAL, "model": [INTERVAL], "warnings": ["w" + EVIL],
        "counts": {str(s): 0 for s in RecordStatus}, "model_warning": "m" + EVIL,
        "other_definitions": [{"definition": EVIL, "of": EVIL, "count": 1, "denominator": 2,
                               "share": 0.5}],
    },
    "records": [{
        "record_id": EVIL, "batch_id": EVIL, "status": "not_yet_verifiable", "problems": [EVIL],
        "probabilities": {}, "searched_share": None, "finds_inside": 0, "finds_in_reach": 0,
        "devices_recorded": None, "shift_length_m": None,
    }],
}


def test_text_from_files_cannot_become_markup_or_end_the_script():
    page = render_report(DATA, {})

    assert "<img" not in page
    assert page.count("</script>") == 2
    inside = re.search(r'id="data">(.*?)</script>', page, re.DOTALL)[1]
    assert json.loads(inside)["records"][0]["record_id"] == EVIL


def test_the_page_forbids_the_network():
    page = render_report(DATA, {})

    assert "default-src 'none'" in page
    assert "http://" not in page.replace('xmlns="http://www.w3.org/2000/svg"', "")
    assert "https://" not in page


def test_same_data_same_bytes():
    assert render_report(DATA, {}) == render_report(copy.deepcopy(DATA), {})
    assert report_json(DATA) == report_json(copy.deepcopy(DATA))


def test_not_simulated_says_nothing_of_simulation():
    real = copy.deepcopy(DATA) | {"simulated": False}

    page = render_report(real, {})
    assert 'class="simulated"' not in page
    assert "SIMULATED" not in page[:page.index("<script")]
