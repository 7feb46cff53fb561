"""One HTML file that opens without a network, and the same content as JSON."""

from __future__ import annotations

from html import escape
from importlib.resources import files
from typing import Any

import jinja2
import orjson
from markupsafe import Markup

from fieldproof.adapters.report.ground import STATUS_COLOURS, ground_svg

_TEMPLATES = files("fieldproof.adapters.report") / "templates"


def render_report(data: dict[str, Any], shapes: dict[str, list[dict[str, Any]]]) -> str:
    """The report. Same data, same bytes.

    Args:
        data: as `workflows.build_report.report_data` gives it, JSON-ready.
        shapes: map layers, as `ground_svg` takes them.

    """
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    template = environment.from_string(_text("report.html.j2"))
    return template.render(
        d=data, css=Markup(_text("report.css")),  # noqa: S704  (our own file)
        js=_text("report.js"),
        colours=STATUS_COLOURS, ground=ground_svg(data, shapes),
        intervals=intervals_svg(data["figure"]), data_json=_safe_json(data),
    )


def report_json(data: dict[str, Any]) -> bytes:
    """The report's content for a program, keys sorted."""
    return orjson.dumps(data, option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2)


def _text(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")


def _safe_json(data: dict[str, Any]) -> str:
    """What the page's script needs, so written that no text in it can end the script."""
    content = {"records": data["records"], "simulated": data["simulated"]}
    text = orjson.dumps(content).decode()
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def intervals_svg(figure: dict[str, Any]) -> str:
    """The three numbers as intervals over one axis from 0 to 100 %."""
    rows = [i for i in (figure["exact"], figure["bounds"], *figure["model"]) if i is not None]
    left, width, step = 275.0, 490.0, 34.0
    height = step * len(rows) + 34
    head = (f'<svg viewBox="0 0 800 {height:.0f}" xmlns="http://www.w3.org/2000/svg" role="img" '
            f'aria-label="{escape(figure["sentence"])}" font-size="13">')
    out = [head]
    for share in (0, 25, 50, 75, 100):
        x = left + width * share / 100
        out.append(f'<line x1="{x}" x2="{x}" y1="6" y2="{height - 26}" stroke="#d5dbe1"/>'
                   f'<text x="{x}" y="{height - 8}" text-anchor="middle">{share}%</text>')
    for k, row in enumerate(rows):
        y = 24 + step * k
        name = row["name"] if len(row["name"]) < 36 else row["name"].split(",")[0]
        a, b = left + width * row["low"], left + width * row["high"]
        out.append(f'<text x="{left - 12}" y="{y + 4}" text-anchor="end">{escape(name)}</text>'
                   f'<line x1="{a:.1f}" x2="{b:.1f}" y1="{y}" y2="{y}" stroke="#0b5394" '
                   'stroke-width="6" stroke-linecap="round"/>')
        if row["value"] is not None:
            out.append(f'<circle cx="{left + width * row["value"]:.1f}" cy="{y}" r="7" '
                       'fill="#fff" stroke="#0b5394" stroke-width="3"/>')
    return "".join([*out, "</svg>"])
