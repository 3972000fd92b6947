"""A policy value by value, each with the place where it is written."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stated:
    """One value of a policy in force."""

    field: str
    """As it is written in a BudgetPolicy (`thaw.left`)."""
    value: str
    policy: str = ""
    """The BudgetPolicy that says so; empty: the built-in one."""
    where: str = ""
    """File and line."""
