"""The command line: parses, calls a workflow, prints."""


def main() -> None:
    """Run the command line."""
