"""Commands of Slack as the terminal has them: what is told to be typed must be typed where it is
told."""

import re

_OTHERWISE = (
    (r"/budget help", "burnban --help"),
    (r"/budget policy", "burnban policy explain"),
    (r"/budget backtest", "burnban policy backtest"),
    (r"/budget report last", "burnban report"),
    (r"/budget report (\d{4}-\d\d)", r"burnban report --month \1"),
    (r"/budget report (\w[\w.-]*) (\d{4}-\d\d)", r"burnban report --team \1 --month \2"),
    (r"/budget report (\w[\w.-]*)", r"burnban report --team \1"),
    (r"/budget gate (\w[\w.-]*) (\S+)", r"burnban gate --service \1 --version \2"),
    (r"/budget", "burnban"),
    (r"/(freeze|unfreeze|override)", r"burnban \1"),
)
"""The first that fits; whatever has the same words in both places comes last."""
_RULES = [(re.compile(rf"(?<![\w/.:<]){way}(?![\w/-])"), words) for way, words in _OTHERWISE]


def typed_here(text: str) -> str:
    """The text with every command of Slack as one of the terminal."""
    for rule, words in _RULES:
        text = rule.sub(words, text)
    return text


def told_here(*parts: str) -> str:
    """Sentences for the terminal, one after the other: what to do next follows no `Next:` there."""
    return typed_here(" ".join(f"{part[0].upper()}{part[1:]}" for part in parts if part))
