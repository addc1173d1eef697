"""The errors a user can cause or meet, each with a message of four parts."""

from __future__ import annotations

import errno
from typing import ClassVar


class AftershockError(Exception):
    """A mistake in the input, said once and completely.

    Parameters
    ----------
    found : str
        What was found.
    where : str, optional
        File, line, key or symbol at which it was found.
    allowed : str, optional
        What would have been accepted.
    do : str, optional
        What the user can do about it.
    """

    exit_code: ClassVar[int] = 2
    usual: ClassVar[tuple[str, str]] = (
        "what `aftershock COMMAND --help` describes",
        "mend what is named, and run the command again",
    )
    """What is allowed and what to do, where an error has nothing closer to say."""

    def __init__(
        self, found: str, *, where: str = "", allowed: str = "", do: str = ""
    ) -> None:
        super().__init__(found)
        self.found, self.where, self.allowed, self.do = found, where, allowed, do

    def __str__(self) -> str:
        return _told(self.where, self.found, self.allowed, self.do)

    def whole(self, command: str = "") -> str:
        """Return all four parts, as `__str__` with nothing left out.

        Parameters
        ----------
        command : str
            Stands for the place where the error names none.
        """
        allowed, do = self.usual
        allowed = _said(self.found) or allowed
        where = self.where or ("" if ": " in self.found else command)
        return _told(where, self.found, self.allowed or allowed, self.do or do)


def _said(found: str) -> str:
    """Return what stands for the allowed where each line says its own; else nothing."""
    lines = [line for line in found.splitlines() if not line.endswith(":")]
    if not lines or not all(" allowed: " in line for line in lines):
        return ""
    return "what each line says" if lines[1:] else "what the line above says"


def _told(where: str, found: str, allowed: str, do: str) -> str:
    """Return the parts that there are, each on its line."""
    lines = [f"{where}: {found}" if where else found]
    lines += [f"  Allowed: {allowed}"] if allowed else []
    return "\n".join([*lines, f"  What to do: {do}"] if do else lines)


class ConfigError(AftershockError):
    """A backtest config cannot be used as written."""

    usual = (
        "what `aftershock schema` describes",
        "mend it, then run `aftershock check` on the config",
    )


class EventError(AftershockError):
    """An event, a basket or an instrument is not stated correctly."""

    usual = (
        "the keys of `aftershock schema events`, the words of `aftershock events tags`",
        "mend it, then run `aftershock events check`",
    )


class PriceError(AftershockError):
    """Prices are there, but cannot be trusted."""

    usual = (
        "one row per session: date, open, high, low, close, adj_close, volume",
        "mend the file, then run `aftershock prices check` on it",
    )


class StudyError(AftershockError):
    """The study that was asked for cannot be computed."""


class StrategyError(AftershockError):
    """A strategy is missing, misnamed, or failed."""

    usual = (
        "a frozen dataclass derived from Strategy: `aftershock strategies new NAME` "
        "writes one",
        "mend the file; `aftershock strategies list` shows what is found",
    )


class DataUnavailable(AftershockError):  # noqa: N818 - the field says "unavailable"
    """Data that are needed could not be had: an absent file, symbol or network."""

    exit_code: ClassVar[int] = 3
    usual = (
        "files that are there, and prices that can be had",
        "check the path, or run `aftershock prices fetch` with a network",
    )


_FULL = {
    errno.ENOSPC: "no space is left on the disk",
    errno.EDQUOT: "the quota of the disk is used up",
    errno.EFBIG: "the file would be larger than this process may write",
    errno.EIO: "the disk cannot be read or written",
}
_CLOSED = (errno.EROFS, errno.EACCES, errno.EPERM)


def refusal(error: OSError) -> AftershockError | None:
    """Return the message of what this machine refuses; None where it is our mistake."""
    where = str(error.filename or "")
    if error.errno in _FULL:
        return DataUnavailable(
            _FULL[error.errno],
            where=where,
            allowed="a disk that takes what is written",
            do="make room, or name another disk, and run the same command again: what "
            "was written whole before is kept",
        )
    if error.errno in _CLOSED:
        return AftershockError(
            f"this may not be read or written: {error.strerror}",
            where=where,
            allowed="files and folders that this user may read, and write where "
            "results and prices are kept",
            do="change the permissions, or name another place",
        )
    return None
