"""Random histories of imports and retractions, beside a plain model of what must be held."""

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from fieldproof.adapters.register import Register
from fieldproof.model.rows import RowBatch, SourceFile

DAYS = [f"2024-0{m}-01" for m in range(1, 7)]
FATES = ["removed", "left_marked", "destroyed_in_situ", None]

rows = st.lists(
    st.tuples(st.sampled_from(["A", "B", "C", "D"]), st.sampled_from(FATES),
              st.sampled_from([*DAYS, None]), st.sampled_from([None, 5, 9])),
    min_size=1, max_size=6)
steps = st.lists(
    st.one_of(st.tuples(st.just("import"), rows, st.sampled_from([*DAYS, None])),
              st.tuples(st.just("undo"), st.integers(0, 5), st.none())),
    min_size=1, max_size=7)


class Model:
    """Every statement in a list; what is held is worked out from scratch each time."""

    def __init__(self):
        self.told = []
        self.undone = {}
        self.recorded = {}

    def held(self, counts):
        out = {}
        told = sorted((t for t in self.told if counts(t)),
                      key=lambda t: (t["known"] or "", t["seq"]))
        for t in told:
            stated = {k: v for k, v in (("fate", t["fate"]), ("depth_cm", t["depth"]))
                      if v is not None}
            out.setdefault(t["id"], {}).update(stated)
        return out

    def stands(self, t, day=None):
        ended = self.undone.get(t["import"])
        return ended is None or (day is not None and ended > day)

    def now(self):
        return self.held(self.stands)

    def known(self, day):
        return self.held(lambda t: self.stands(t)
                         and (t["known"] or self.recorded[t["import"]]) <= day)

    def had(self, day):
        return self.held(lambda t: self.stands(t, day) and self.recorded[t["import"]] <= day)


def _take_in(register, model, given_rows, known_on, day):
    n = len(given_rows)
    source = SourceFile("0" * 64, "f.csv", 1, "OP", known_on)
    batch = RowBatch("finds", range(1, n + 1), {
        "find_id": [r[0] for r in given_rows], "fate": [r[1] for r in given_rows],
        "depth_cm": [r[3] for r in given_rows],
    }, known_on=[r[2] for r in given_rows])
    with register.importing(source, "finds", recorded_at=f"{day}T00:00:00Z") as session:
        counts = session.add(batch)
    assert sum(counts) == n
    number = session.import_seq
    model.recorded[number] = day
    model.told += [{"import": number, "seq": number + i, "id": r[0], "fate": r[1],
                    "known": r[2] or known_on, "depth": r[3]}
                   for i, r in enumerate(given_rows, start=1)]


def _shown(found):
    return {r.entity_id: {k: v for k, v in r.values.items() if k != "find_id"} for r in found}


@settings(max_examples=40, deadline=None)
@given(steps)
def test_the_register_holds_what_a_plain_model_holds(history):
    model = Model()
    with TemporaryDirectory() as folder, Register.create(Path(folder) / "r") as register:
        for (what, argument, known_on), day in zip(history, DAYS * 2, strict=False):
            if what == "import":
                _take_in(register, model, argument, known_on, day)
                continue
            standing = [i.seq for i in register.imports() if not i.retracted]
            if standing:
                chosen = standing[argument % len(standing)]
                register.retract(chosen, reason="test", by="test", at=f"{day}T00:00:00Z")
                model.undone[chosen] = day

        assert _shown(register.rows("finds")) == model.now()
        for day in DAYS:
            assert _shown(register.rows("finds", as_of=day)) == model.known(day)
            held = register.rows("finds", as_of=day, recorded=True)
            assert _shown(held) == model.had(day)
        # no file was kept, so only that one may be missing
        assert {t.what for t in register.verify().touched} <= {"the kept file is missing"}
