"""Help for verbs whose words are a small language of their own: `burnban freeze edit --help`."""

from collections.abc import Mapping
from typing import Any, ClassVar

import typer
from typer.core import TyperCommand

_ASKS = ("--help", "-h")


class _Worded(TyperCommand):
    """A verb that has help of its own for the word that follows it."""

    told: ClassVar[Mapping[str, str]] = {}

    def make_context(
        self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any
    ) -> Any:
        """As usual, unless help is asked for about a word that has some."""
        if args and args[0] in self.told and any(word in _ASKS for word in args[1:]):
            typer.echo(self.told[args[0]])
            raise typer.Exit
        return super().make_context(info_name, args, parent, **extra)


class FreezeCommand(_Worded):
    """`burnban freeze`."""

    told: ClassVar[Mapping[str, str]] = {
        "list": """Usage: burnban freeze list [SERVICE|TEAM]

  The freezes that stand: active, cooling, scheduled, each with its number.

  As in: burnban freeze list ranker""",
        "preview": """Usage: burnban freeze preview SCOPE

  What a freeze would touch: services, people, other freezes and requests.
  Nothing is changed.

  As in: burnban freeze preview team:search""",
        "edit": """Usage: burnban freeze edit NUMBER for 2h|until fri 17:00|until lifted WHY
       burnban freeze edit NUMBER reason WORDS

  Another end or another reason for a freeze; the old one is kept in the
  history. A later end is set at once; a sooner one takes the approvals of
  lifting it. Times are UTC. The numbers: burnban freeze list

  As in: burnban freeze edit 12 until fri 17:00 the fix takes longer""",
        "dispute": """Usage: burnban freeze dispute NUMBER|SCOPE REASON

  Put a freeze before the decider whom the policy names. Releases stay
  stopped until it is decided.

  As in: burnban freeze dispute 12 the budget was spent by a network outage""",
    }
