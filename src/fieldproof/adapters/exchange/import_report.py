"""The report of an import, as one HTML page and as JSON."""

from __future__ import annotations

from typing import Any

import jinja2
import orjson

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Import report</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.3rem .6rem;
border-bottom:1px solid #ccc;vertical-align:top}code{word-break:break-all}
.error{color:#a40000;font-weight:600}</style></head><body><main><h1>Import report</h1>
{% for f in files %}<section><h2>{{ f.file }}{% if f.sheet %} – {{ f.sheet }}{% endif %}</h2>
<p>{{ f.summary }}</p><p>SHA-256 <code>{{ f.sha256 }}</code></p>
<h3>Columns</h3><table><thead><tr><th scope="col">Column</th><th scope="col">Field of
{{ f.table }}</th></tr></thead><tbody>
{% for c, field in f.columns.items() %}<tr><td>{{ c }}</td><td>{{ field }}</td></tr>{% endfor %}
{% for c in f.unmapped %}<tr><td>{{ c }}</td><td>none: kept as it is</td></tr>{% endfor %}
</tbody></table><h3>Problems</h3>
{% if f.problems %}<table><thead><tr><th scope="col">Row</th><th scope="col">Field</th>
<th scope="col">Value</th><th scope="col">Problem</th><th scope="col">What would be right</th>
</tr></thead><tbody>{% for p in f.problems %}<tr><td>{{ p.row }}</td><td>{{ p.field }}</td>
<td>{{ p.value }}</td><td class="{{ p.severity }}">{{ p.severity }}: {{ p.problem }}</td>
<td>{{ p.right }}</td></tr>{% endfor %}</tbody></table>
{% if f.n_problems > f.problems|length %}<p>{{ f.n_problems - f.problems|length }} more.</p>
{% endif %}{% else %}<p>None.</p>{% endif %}</section>{% endfor %}</main></body></html>
"""


def import_report_html(files: list[dict[str, Any]]) -> str:
    """One page that opens without a network; `files` as `workflows.import_report` gives them."""
    environment = jinja2.Environment(autoescape=True)
    return environment.from_string(_PAGE).render(files=files)


def import_report_json(files: list[dict[str, Any]]) -> bytes:
    """The same as JSON."""
    return orjson.dumps({"files": files}, option=orjson.OPT_INDENT_2)
