"""The documentation is true: links lead somewhere, commands exist, sources are listed."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    p for p in ROOT.rglob("*.md")
    if not {".venv", "node_modules", ".git", "demo-output"} & set(p.relative_to(ROOT).parts)
)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s#]+)(?:#[^)]*)?\)")


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_relative_links_lead_to_files(page):
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        if "://" not in target and not target.startswith("mailto:"):
            assert (page.parent / target).exists(), target


def test_every_decision_is_in_the_index():
    index = (ROOT / "docs/adr/README.md").read_text(encoding="utf-8")
    for page in (ROOT / "docs/adr").glob("[0-9]*.md"):
        assert page.name in index


def test_every_page_is_reached_from_the_index():
    index = (ROOT / "docs/README.md").read_text(encoding="utf-8")
    for page in (ROOT / "docs").rglob("*.md"):
        relative = str(page.relative_to(ROOT / "docs"))
        if relative != "README.md" and not re.match(r"adr/\d", relative):
            assert relative in index, relative


def test_the_reference_of_the_command_line_is_current():
    result = subprocess.run(
        [sys.executable, ROOT / "tools/cli_reference.py", "--check"], capture_output=True, text=True
    )

    assert result.returncode == 0, result.stdout


def test_cited_sources_are_listed():
    listed = set(re.findall(r"^@\w+\{([^,]+),", (ROOT / "docs/references.bib").read_text("utf-8"),
                            re.MULTILINE))
    cited = re.compile(r"\[([a-z]+[a-z0-9]*-?[0-9]{4}[a-z0-9-]*)\]")
    for source in (ROOT / "src").rglob("*.py"):
        for key in cited.findall(source.read_text("utf-8")):
            assert key in listed, f"{source.relative_to(ROOT)} cites {key}"


def test_nothing_names_a_machine_or_a_registry_host():
    files = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    foreign = re.compile(r"/(?:home|root|work|opt)/[a-z]|://(?:files\.|registry\.|deb\.)")
    for name in filter(None, files):
        path = ROOT / name
        if path.suffix in {".py", ".md", ".toml", ".txt", ".in", ".sh", ".cff"} and path.exists():
            assert not foreign.search(path.read_text("utf-8")), name


def test_the_reference_of_the_tables_is_current(tmp_path):
    from fieldproof.workflows.schema_docs import write_schema_docs

    for path in write_schema_docs(tmp_path):
        kept = ROOT / "docs/reference" / path.relative_to(tmp_path)
        assert kept.read_text("utf-8") == path.read_text("utf-8"), path.name
