"""Plots of public figures as SVG: colours that a colour-blind reader can tell apart, and words.

The same figures give the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from typing import Any, Final

#: Okabe and Ito's colours [okabe-2008].
COLOURS: Final = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00")
MARKERS: Final = ("o", "s", "^", "D", "v")


def cumulative_plot(points: Sequence[dict[str, Any]], unit: str, title: str) -> dict[str, str]:
    """Cumulative statements, a mark each, told apart by whose work they cover.

    Args:
        points: dictionaries with `end`, `value` and `covers`.
        unit: of the values.
        title: of the plot.

    """
    canvas, axes = _canvas()
    groups = sorted({str(p["covers"] or "no operator named") for p in points})
    for k, name in enumerate(groups):
        chosen = [p for p in points if str(p["covers"] or "no operator named") == name]
        axes.plot([date.fromisoformat(p["end"]) for p in chosen], [p["value"] for p in chosen],
                  marker=MARKERS[k % 5], color=COLOURS[k % 5], linestyle="none", label=name)
    axes.set_ylabel(unit)
    axes.set_ylim(bottom=0)
    if groups:
        axes.legend(frameon=False)
    highest = max(points, key=lambda p: p["value"]) if points else None
    alt = f"{title}: no statement" if highest is None else (
        f"{title}: {len(points)} statements, the highest {highest['value']:,.0f} {unit} "
        f"for {highest['end']}"
    )
    return {"svg": _svg(canvas), "alt": alt, "caption": f"{title}, as stated; nothing corrected."}


def period_plot(rows: Sequence[dict[str, Any]], measures: Sequence[str], title: str
                ) -> dict[str, str]:
    """Monthly figures by measure, one line of marks each.

    Args:
        rows: dictionaries with `end` and the measures.
        measures: their names.
        title: of the plot.

    """
    canvas, axes = _canvas()
    for k, measure in enumerate(measures):
        chosen = [r for r in rows if r.get(measure) is not None]
        axes.plot([date.fromisoformat(r["end"]) for r in chosen], [r[measure] for r in chosen],
                  marker=MARKERS[k % 5], color=COLOURS[k % 5], linestyle="none",
                  label=measure.replace("_", " "))
    axes.set_yscale("symlog", linthresh=100)
    axes.set_ylim(bottom=0)
    axes.legend(frameon=False)
    names = ", ".join(m.replace("_", " ") for m in measures)
    return {"svg": _svg(canvas), "alt": f"{title}: {len(rows)} months of {names}",
            "caption": f"{title}; logarithmic above 100. A gap is a month with no statement."}


def _canvas() -> tuple[Any, Any]:
    from matplotlib.figure import Figure  # late: only a report draws

    canvas = Figure(figsize=(8, 3.6), layout="constrained")
    axes = canvas.subplots()
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", alpha=0.3)
    return canvas, axes


def _svg(canvas: Any) -> str:
    import matplotlib as mpl

    stream = io.StringIO()
    with mpl.rc_context({"svg.hashsalt": "fieldproof", "svg.fonttype": "none",
                         "font.family": "sans-serif"}):
        canvas.savefig(stream, format="svg", metadata={"Date": None, "Creator": "Fieldproof"})
    text = stream.getvalue()
    return text[text.index("<svg"):]
