"""The command line: every verb calls one function of the wiring."""

import os
import sys

INTERRUPTED = 130
"""Exit code: Ctrl-C."""


def main() -> None:
    """Run, and turn every expected error into sentences and an exit code."""
    try:
        _run()
    except KeyboardInterrupt:  # while the verbs are being loaded, or after them
        sys.exit(INTERRUPTED)


def _run() -> None:
    # Here, for loading them takes a second, in which Ctrl-C is no fault either.
    from bot.wiring.commands import app
    from bot.wiring.complain import complaint, helpful

    try:
        try:
            app()
        finally:
            if sys.stdout:
                sys.stdout.flush()  # what is left to be written may fail as well
    except Exception as error:
        code, text = complaint(helpful(error, sys.argv[1:]))
        if code is None:
            raise
        if text:
            print(text, file=sys.stderr)  # noqa: T201 - the terminal is where this belongs
        if isinstance(error, OSError) and sys.stdout:
            # The interpreter tries once more when it ends, and would say so at length.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(code)


if __name__ == "__main__":
    main()
