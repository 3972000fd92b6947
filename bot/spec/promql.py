"""PromQL's syntax, checked at load."""

import re

import promql_parser

MAX_LENGTH = 4_096
MAX_DEPTH = 40
MAX_OPERATORS = 300
"""The parser is native and recursive: what nests deeper would end the whole process."""
_TEXTS = re.compile(r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'|`[^`]*`', re.DOTALL)
_OPERATORS = re.compile(r"[-+*/%^<>=!]|\b(?:and|or|unless|atan2)\b", re.IGNORECASE)


def syntax_error(query: str) -> tuple[str, str] | None:
    """What is wrong with a query, and what would be right; None if it parses."""
    if len(query) > MAX_LENGTH:
        problem = f"The query is longer than {MAX_LENGTH:,} characters."
        return problem, "Move a part of it into a recording rule."
    bare = _TEXTS.sub('""', query)
    if _depth(bare) > MAX_DEPTH or len(_OPERATORS.findall(bare)) > MAX_OPERATORS:
        return "The query is too deeply nested.", "Move a part of it into a recording rule."
    try:
        promql_parser.parse(query)
    except ValueError as error:
        reason = " ".join(str(error).split())[:200]
        return f"This is not PromQL: {reason}.", "Try the query in Prometheus first."
    return None


def _depth(bare: str) -> int:
    depth = most = 0
    for letter in bare:
        if letter in "([{":
            depth += 1
            most = max(most, depth)
        elif letter in ")]}":
            depth -= 1
    return most
