"""Logs for people and machines, without secrets."""

import logging
import re
import sys

_SECRETS = re.compile(
    r"(xox[a-z]-|xapp-)[A-Za-z0-9-]+|(?<![A-Za-z0-9_-])burnban_[A-Za-z0-9_-]{30,}"
    r"|gh[a-z]_[A-Za-z0-9]{8,}|glpat-[A-Za-z0-9_.-]{8,}"
    r"|(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*"
    r"|(?<=/calendar/)[^/\s'\"]+(?=\.ics)"
    r"|(?<=://)[^/@\s]*:[^/\s]+(?=@)"
    r"|(?<=hooks\.slack\.com/)[^\s'\"]+"
    r"|(?i:(?<=bearer )|(?<=authorization: basic ))[^\s'\",]{6,}"
)
"""Tokens of Slack, of ours, of GitHub's and GitLab's, identities of runs (JSON Web Tokens), secret
addresses of calendars, passwords in URLs, response_urls (whoever has one may answer), and what
stands in an Authorization header."""


class Redacting(logging.Formatter):
    """Takes tokens and passwords out of whatever is logged, tracebacks too."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, with every secret replaced."""
        return _SECRETS.sub("[secret]", super().format(record))


def configure_logs(level: int) -> None:
    """Log to stderr from `level` on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Redacting("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for noisy in ("httpx", "httpx2", "httpcore", "alembic", "slack_sdk", "uvicorn.error"):
        logging.getLogger(noisy).setLevel(max(level, logging.WARNING))
    # What it calls an error reaches us as an exception, and is told once, with what to do.
    logging.getLogger("slack_sdk.web").setLevel(logging.CRITICAL)
