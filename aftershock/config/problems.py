"""One mistake in a config, and how pydantic's errors become such."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from aftershock.errors import AftershockError, ConfigError, DataUnavailable
from aftershock.registry import suggest

EACH = ("what is said of each", "mend each, then run the same command again")
"""What is allowed and what to do where several errors are told, each with its own."""
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")


@dataclass(frozen=True)
class Problem:
    """One mistake: where it is, what was found, what is allowed.

    Attributes
    ----------
    where : str
        ``file:line:column`` or the ``--set`` that brought it.
    key : str
        Dotted path of the key.
    found, allowed, hint : str
        Message parts; `hint` is a whole sentence such as "Did you mean 'hold'?".
    absent : bool
        True when only a file is not there: exit code 3 instead of 2.
    """

    where: str
    key: str
    found: str
    allowed: str = ""
    hint: str = ""
    absent: bool = False

    def __str__(self) -> str:
        allowed = f", allowed: {self.allowed}" if self.allowed else ""
        hint = f". {self.hint}" if self.hint else ""
        key = f" {self.key}:" if self.key else ":"
        return f"{self.where}{key} found {self.found}{allowed}{hint}"


def unknown(where: str, key: str, name: str, known: Iterable[str]) -> Problem:
    """Return the problem of a name that nothing has."""
    names = sorted(known)
    allowed = ", ".join(names) or "nothing"
    return Problem(where, key, f"'{name}'", allowed, suggest(name, names).strip())


def without_commas(written: object) -> str:
    """Return how YAML takes a number that is written with commas; else nothing."""
    number = isinstance(written, str) and _THOUSANDS.fullmatch(written.strip())
    return f"Write {number[0].replace(',', '_')}." if number else ""


def error_of(problems: Iterable[Problem]) -> AftershockError | None:
    """Return one error that lists every problem once, in order of the file, or None.

    It is a ConfigError; DataUnavailable when all that is wrong is that files are not
    there.
    """
    each = sorted(set(problems), key=_by_place)
    if not each:
        return None
    error: type[AftershockError] = ConfigError
    if all(problem.absent for problem in each):
        error = DataUnavailable
    count = f"{len(each)} mistakes in the config:\n" if len(each) > 1 else ""
    return error(count + "\n".join(str(problem) for problem in each))


def raise_together(errors: Sequence[AftershockError]) -> None:
    """Raise one error that says several; wrong input outweighs missing data.

    Raises
    ------
    AftershockError
        The only one itself; of several a ConfigError, or DataUnavailable where all are.
    """
    if len(errors) == 1:
        raise errors[0]
    if errors:
        told = "\n".join(str(error) for error in errors)
        if {type(error) for error in errors} == {DataUnavailable}:
            raise DataUnavailable(told)
        raise ConfigError(told, allowed=EACH[0], do=EACH[1])


def _by_place(problem: Problem) -> tuple[str, int, int, str]:
    """Sort by file, line and column; overrides come first, in order of text."""
    head, _, column = problem.where.rpartition(":")
    name, _, line = head.rpartition(":")
    if line.isdigit() and column.isdigit():
        return (name, int(line), int(column), problem.key)
    return ("", 0, 0, problem.where)
