"""A finding enters the register as a statement of its own, and names what it rests on."""

import json

from fieldproof.adapters.register import Register
from fieldproof.workflows.audit_batch import audit_batch
from fieldproof.workflows.import_files import ImportOptions, import_files
from fieldproof.workflows.record_findings import record_findings
from fieldproof.workflows.simulate_district import write_district

AT = "2024-05-01T00:00:00.000000Z"


def test_verdicts_become_statements_that_can_be_traced(tmp_path):
    files = write_district(tmp_path / "district", seed=2, n_records=4)
    with Register.create(tmp_path / "register") as register:
        import_files(register, files, ImportOptions(stated_by="Simulated", simulated=True))
        audit = audit_batch(register, seed=3)
        before = register.head()

        counts = record_findings(register, audit, stated_by="Auditor 1", recorded_at=AT)
        again = record_findings(register, audit, stated_by="Auditor 1", recorded_at=AT)

        rows = list(register.rows("findings"))
        assert counts.new == 4
        assert again == (0, 0, 4)
        assert [r.values["record_id"] for r in rows] == [v.record_id for _, v in audit.records]
        assert all(r.simulated for r in rows)
        basis = json.loads(str(rows[0].values["basis"]))
        assert (basis["ledger_line"], basis["ledger_hash"]) == before
        told = register.statements("findings", rows[0].entity_id)[0]
        assert told.stated_by == "Auditor 1"
        assert register.verify().intact


def test_the_same_register_and_seed_give_the_same_verdicts(tmp_path):
    files = write_district(tmp_path / "district", seed=2, n_records=4)
    with Register.create(tmp_path / "register") as register:
        import_files(register, files, ImportOptions(stated_by="Simulated", simulated=True))

        first, second = audit_batch(register, seed=3), audit_batch(register, seed=3)

        assert [v.to_dict() for _, v in first.records] == [v.to_dict() for _, v in second.records]
        assert first.figure.to_dict() == second.figure.to_dict()


def test_what_is_referred_to_and_missing_is_said(tmp_path):
    files = write_district(tmp_path / "district", seed=2, n_records=4)
    legs = [p for p in files if p.stem == "record_legs"]
    with Register.create(tmp_path / "register") as register:
        (result,) = import_files(register, legs)

        assert result.counts.new > 0
        assert "not in minefield_records" in result.problems[0].problem
