"""The columns of a table: how each stands, and what becomes of it where the terminal is narrow."""

from dataclasses import dataclass

NARROWEST = 12  # cells of what takes several lines


@dataclass(frozen=True)
class Column:
    """One column: numbers stand right and are never broken, names stand left."""

    title: str
    right: bool = True
    least: int = 0  # a description: takes lines of so many cells before anything is left out
    folds: bool = False  # a hyperparameter: joins the others in one column of several lines
    spare: int = 0  # left out where there is no room, the highest first; 0: never


def name(title: str, spare: int = 0) -> Column:
    """Return a column of names: they take several lines where nothing else helps."""
    return Column(title, right=False, spare=spare)


def prose(title: str, least: int = NARROWEST) -> Column:
    """Return a column of descriptions."""
    return Column(title, right=False, least=least)


def parameter(title: str) -> Column:
    """Return a column of values of a hyperparameter."""
    return Column(title, folds=True)
