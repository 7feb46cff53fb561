"""Write docs/reference/cli.md from the commands themselves. `--check` only compares."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import typer.main

from fieldproof.cli import build_app

TARGET = Path(__file__).parent.parent / "docs" / "reference" / "cli.md"
HEAD = """# The command line

Made from the commands by `python tools/cli_reference.py`; a test compares it.

"""


def render() -> str:
    """Give the whole page."""
    root = typer.main.get_command(build_app())
    return HEAD + "\n".join(_sections(root, "fieldproof"))


def _sections(command: object, path: str) -> list[str]:
    children = getattr(command, "commands", None)
    if children:
        return [text for name in sorted(children)
                for text in _sections(children[name], f"{path} {name}")]
    text = (getattr(command, "help", "") or "").strip()
    lines = [f"## `{path}`", "", re.sub(r"\s*\n\s*", " ", text), ""]
    rows = [_row(param) for param in getattr(command, "params", []) if param.name != "help"]
    if rows:
        lines += ["| argument or option | what it is |", "|---|---|", *rows, ""]
    return lines


def _row(param: object) -> str:
    names = ", ".join(f"`{n}`" for n in (*param.opts, *param.secondary_opts))  # type: ignore[attr-defined]
    help_text = getattr(param, "help", None) or ""
    default = getattr(param, "default", None)
    shown = (
        f" Default: `{default}`."
        if default not in (None, False, (), "") and isinstance(default, (str, int, float, Path))
        else ""
    )
    return f"| {names} | {help_text.strip()}{shown} |"


def main() -> int:
    """Write the page, or with `--check` say whether it is current."""
    text = render()
    if "--check" in sys.argv:
        current = TARGET.read_text(encoding="utf-8") if TARGET.exists() else ""
        if current != text:
            print("docs/reference/cli.md is old; run: python tools/cli_reference.py")
            return 1
        return 0
    TARGET.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
