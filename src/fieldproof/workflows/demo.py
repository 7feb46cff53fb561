"""The whole walk on one machine: real public figures, and a made-up district to audit."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from fieldproof.adapters.clock import now_iso
from fieldproof.adapters.register import Register
from fieldproof.errors import InputError
from fieldproof.workflows.audit_batch import audit_batch
from fieldproof.workflows.build_report import write_report
from fieldproof.workflows.export_register import export_register
from fieldproof.workflows.import_files import ImportOptions, import_files
from fieldproof.workflows.progress_port import Progress, silent
from fieldproof.workflows.show_progress import show_progress
from fieldproof.workflows.simulate_district import read_sample, write_district

#: Written into the folder, so that a later run knows that it may replace it.
MARK = ".fieldproof-demo"
PUBLIC_FILES = ("progress_figures.csv", "information_events.csv")


@dataclass(frozen=True, slots=True)
class DemoResult:
    """What the demo made.

    Attributes:
        n_statements: public statements taken in.
        n_inconsistencies: of them that do not agree.
        pace_text: pace of the last two years.
        counts: status -> simulated records.
        sentence: the figure of the simulated batch.
        look_at: files, each with what it is.
        head: hash of the ledger's last line.

    """

    n_statements: int
    n_inconsistencies: int
    pace_text: str
    counts: dict[str, int]
    sentence: str
    look_at: list[tuple[Path, str]]
    head: str


def run_demo(
    output: Path, public: Path, *, seed: int = 1, progress: Progress = silent
) -> DemoResult:
    """Run the demo into a folder; one that an earlier demo made is replaced.

    Raises:
        InputError: the public figures are not there, or the folder holds something else.

    """
    _make_room(output, public)
    files = write_district(output / "district", seed=seed)
    with Register.create(output / "register.fieldproof") as register:
        import_files(register, [public / name for name in PUBLIC_FILES], progress=progress)
        import_files(register, files, ImportOptions(stated_by="SIMULATED authority",
                                                    simulated=True), progress=progress)
        figures = show_progress(register, claims=public / "claims.csv")
        audit = audit_batch(
            register, sampled_ids=read_sample(output / "district" / "verification_sample.csv"),
            seed=seed, progress=progress,
        )
        page, content = write_report(
            output, register, audit, figures,
            title="How far the handed-over records hold: a demonstration",
            generated_at=now_iso()[:10],
        )
        export_register(register, output / "fieldproof.gpkg", audit=audit, progress=progress)
        head = register.head()[1]
    paces = [p for p in figures["pace"] if p["name"] == "last two years"]
    return DemoResult(
        figures["n_statements"], len(figures["inconsistencies"]),
        f"{paces[0]['hectares_per_year']:,.0f} ha a year over the last two years" if paces else
        "not known",
        {str(s): n for s, n in audit.figure.counts.items()}, audit.figure.sentence,
        [(page, "open it in a browser, no network needed"),
         (output / "fieldproof.gpkg", "open it in QGIS"), (content, "the same for a program"),
         (output / "district", "the simulated files, as they would come from the field")],
        head,
    )


def _make_room(output: Path, public: Path) -> None:
    missing = [n for n in (*PUBLIC_FILES, "claims.csv") if not (public / n).is_file()]
    if missing:
        raise InputError(f"no {missing[0]} in {public}; run it where the examples are, or name "
                         "them with --examples")
    if output.exists() and any(output.iterdir()):
        if not (output / MARK).is_file():
            raise InputError(f"{output} is not empty and no demo made it; name a new folder")
        shutil.rmtree(output)
    output.mkdir(parents=True, exist_ok=True)
    (output / MARK).touch()
