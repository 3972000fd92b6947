"""The command line: every verb calls one function of the wiring."""

import sys

from bot.wiring.commands import app
from bot.wiring.complain import complaint


def main() -> None:
    """Run, and turn every expected error into sentences and an exit code."""
    try:
        app()
    except Exception as error:
        code, text = complaint(error)
        if code is None:
            raise
        print(text, file=sys.stderr)  # noqa: T201 - the terminal is where this belongs
        sys.exit(code)


if __name__ == "__main__":
    main()
