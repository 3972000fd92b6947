"""Dates that cannot be meant."""


class Misdated(ValueError):
    """What is wrong with a date or a rule, and what would be right."""

    def __init__(self, problem: str, remedy: str = "") -> None:
        self.problem = problem
        self.remedy = remedy
        super().__init__(f"{problem} {remedy}".strip())
