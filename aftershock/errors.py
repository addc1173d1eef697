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

    def __init__(
        self, found: str, *, where: str = "", allowed: str = "", do: str = ""
    ) -> None:
        super().__init__(found)
        self.found, self.where, self.allowed, self.do = found, where, allowed, do

    def __str__(self) -> str:
        head = f"{self.where}: {self.found}" if self.where else self.found
        lines = [head]
        if self.allowed:
            lines.append(f"  Allowed: {self.allowed}")
        if self.do:
            lines.append(f"  What to do: {self.do}")
        return "\n".join(lines)


class ConfigError(AftershockError):
    """A backtest config cannot be used as written."""


class EventError(AftershockError):
    """An event, a basket or an instrument is not stated correctly."""


class PriceError(AftershockError):
    """Prices are there, but cannot be trusted."""


class StudyError(AftershockError):
    """The study that was asked for cannot be computed."""


class StrategyError(AftershockError):
    """A strategy is missing, misnamed, or failed."""


class DataUnavailable(AftershockError):  # noqa: N818 - the field says "unavailable"
    """Data that are needed could not be had: an absent file, symbol or network."""

    exit_code: ClassVar[int] = 3


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
            do="make room and run the same command again: what was written whole "
            "before is kept",
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
