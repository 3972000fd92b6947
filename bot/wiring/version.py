"""`burnban --version`."""

from importlib.metadata import PackageNotFoundError, version

import typer


def shown(wanted: bool) -> None:
    """Print which Burnban this is and end, if that is what was asked."""
    if wanted:
        typer.echo(f"burnban {_installed()}")
        raise typer.Exit


def _installed() -> str:
    try:
        return version("burnban")
    except PackageNotFoundError:
        return "(run from its sources, not installed)"
