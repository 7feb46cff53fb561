"""Run the command line: `python -m fieldproof`."""

from fieldproof.cli import main

if __name__ == "__main__":
    main()
