"""What public claims imply about each other: plain arithmetic, each step with its inputs.

Nothing is decided: where a claim stands in two forms, the result stands in two.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from fieldproof.forecast.consistency import cumulative_series
from fieldproof.forecast.figures import Figure
from fieldproof.units import HECTARES_PER_KM2, M2_PER_KM2


@dataclass(frozen=True, slots=True)
class Claim:
    """A public claim.

    Attributes:
        claim_id: its name.
        claim: what is claimed.
        value: number; None where it is words.
        unit: of the number.
        stated_by: who states it.
        stated_on: when; None: not known.
        url: page; None: not known.
        note: what else to know.

    """

    claim_id: str
    claim: str
    value: float | None
    unit: str
    stated_by: str
    stated_on: str | None
    url: str | None
    note: str | None

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {"claim_id": self.claim_id, "claim": self.claim, "value": self.value,
                "unit": self.unit, "stated_by": self.stated_by, "stated_on": self.stated_on,
                "url": self.url, "note": self.note}


@dataclass(frozen=True, slots=True)
class Implied:
    """A number that follows from claims.

    Attributes:
        text: what it is.
        formula: how it follows.
        value: the number.
        unit: of the number.
        inputs: names of the claims and statements that it rests on.

    """

    text: str
    formula: str
    value: float
    unit: str
    inputs: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {"text": self.text, "formula": self.formula, "value": round(self.value, 6),
                "unit": self.unit, "inputs": list(self.inputs)}


#: (text, formula, unit, inputs, function of the inputs in their order)
_FORMULAS: Final = (
    ("contaminated area, from the share of the territory", "territory × share", "km²",
     ("territory_km2", "contaminated_share"), lambda t, s: t * s),
    ("cost of a square metre, if the stated cost is for the stated share",
     "cost / (territory × share)", "USD/m²",
     ("cost_usd", "territory_km2", "contaminated_share"), lambda c, t, s: c / (t * s * M2_PER_KM2)),
    ("cost of a square metre, with the area stated in square kilometres", "cost / area", "USD/m²",
     ("cost_usd", "contaminated_km2_stated"), lambda c, a: c / (a * M2_PER_KM2)),
    ("spent for a square metre cleared, both to August 2024", "spent / cleared", "USD/m²",
     ("spent_usd", "cleared_ha_2024"), lambda s, a: s / (a * M2_PER_KM2 / HECTARES_PER_KM2)),
    ("area a year, if it takes the stated years", "territory × share / years", "km²/year",
     ("territory_km2", "contaminated_share", "years"), lambda t, s, y: t * s / y),
    ("area a year, with the area stated in square kilometres", "area / years", "km²/year",
     ("contaminated_km2_stated", "years"), lambda a, y: a / y),
    ("mines in a square kilometre", "mines / (territory × share)", "mines/km²",
     ("mines", "territory_km2", "contaminated_share"), lambda m, t, s: m / (t * s)),
    ("mines in a hectare", "mines / (territory × share)", "mines/ha",
     ("mines", "territory_km2", "contaminated_share"),
     lambda m, t, s: m / (t * s * HECTARES_PER_KM2)),
    ("mines in a square kilometre, with the area stated in square kilometres", "mines / area",
     "mines/km²", ("mines", "contaminated_km2_stated"), lambda m, a: m / a),
    ("mines said to be laid that no map shows, if none is shown twice", "mines − on maps", "mines",
     ("mines", "mines_on_maps"), lambda m, a: m - a),
    ("the same, with the number stated in January 2024 (more than)", "mines − on maps", "mines",
     ("mines_2024", "mines_on_maps"), lambda m, a: m - a),
    ("mines on the maps, as a share of the mines said to be laid", "on maps / mines", "1",
     ("mines_on_maps", "mines"), lambda a, b: a / b),
    ("records handed over, both statements together", "2021 + 2024", "records",
     ("forms_2021", "forms_2024"), lambda a, b: a + b),
    ("mines on the maps of three districts", "Aghdam + Fuzuli and Zangilan", "mines",
     ("mines_aghdam", "mines_fuzuli_zangilan"), lambda a, b: a + b),
    ("their share of all mines on maps", "(Aghdam + Fuzuli and Zangilan) / on maps", "1",
     ("mines_aghdam", "mines_fuzuli_zangilan", "mines_on_maps"), lambda a, b, c: (a + b) / c),
    ("mines on a record, on average", "on maps / (2021 + 2024)", "mines/record",
     ("mines_on_maps", "forms_2021", "forms_2024"), lambda m, a, b: m / (a + b)),
)


def implied_figures(claims: Sequence[Claim], figures: Sequence[Figure]) -> list[Implied]:
    """Every number that follows from the claims and statements at hand."""
    known = {c.claim_id: c.value for c in claims if c.value is not None}
    out = [
        Implied(text, formula, function(*(known[i] for i in inputs)), unit, inputs)
        for text, formula, unit, inputs, function in _FORMULAS
        if all(i in known for i in inputs)
    ]
    return out + _from_statements(known, figures)


def _from_statements(known: Mapping[str, float], figures: Sequence[Figure]) -> list[Implied]:
    """What the last cumulative statement and the last stated year imply for the rest."""
    series = cumulative_series(figures, "hectares_cleared")
    years = sorted((f for f in figures if f.scope == "annual" and not any(f.part)
                    and "hectares_cleared" in f.values), key=lambda f: f.end)
    if not series or not years or "contaminated_share" not in known or "territory_km2" not in known:
        return []
    last, year = series[-1], years[-1]
    whole = known["territory_km2"] * known["contaminated_share"] * HECTARES_PER_KM2
    rest, pace = whole - last.values["hectares_cleared"], year.values["hectares_cleared"]
    ids = ("territory_km2", "contaminated_share", last.figure_id)
    out = [
        Implied(f"land left after {last.end}", "territory × share − cleared", rest, "ha", ids),
        Implied(f"years for the rest at the pace stated for {year.end.year}",
                "(territory × share − cleared) / pace", rest / pace, "years",
                (*ids, year.figure_id)),
    ]
    if "contaminated_km2_stated" in known:
        stated = known["contaminated_km2_stated"] * HECTARES_PER_KM2 - whole + rest
        out.append(Implied("the same, with the area stated in square kilometres",
                           "(area − cleared) / pace", stated / pace, "years",
                           ("contaminated_km2_stated", last.figure_id, year.figure_id)))
    if "contaminated_ha_2024" in known:
        other = known["contaminated_ha_2024"] - last.values["hectares_cleared"]
        out.append(Implied("the same, with the area believed contaminated in 2024",
                           "(area − cleared) / pace", other / pace, "years",
                           ("contaminated_ha_2024", last.figure_id, year.figure_id)))
    if "years" in known:
        out.append(Implied("pace at which the rest takes the stated years",
                           "(territory × share − cleared) / years", rest / known["years"],
                           "ha/year", (*ids, "years")))
    mines = sum(last.values.get(m, 0.0) for m in ("ap_mines", "at_mines"))
    if mines:
        out.append(Implied(f"mines found in a hectare cleared, to {last.end}",
                           "(AP + AT) / cleared", mines / last.values["hectares_cleared"],
                           "mines/ha", (last.figure_id,)))
    return out
