"""Files that a user wrote: bounded in size, whole, and only from where they may lie."""

from __future__ import annotations

import os
from pathlib import Path

from aftershock.errors import AftershockError, DataUnavailable

MEGABYTE = 1_000_000
MOST_TEXT = 20 * MEGABYTE
"""A catalogue written by hand has a thousandth of it."""
MOST_TABLE = 500 * MEGABYTE
"""The daily prices of a thousand symbols over ten years take half of it."""


def read_text(
    path: Path,
    error: type[AftershockError] = AftershockError,
    *,
    most: int = MOST_TEXT,
    absent: str = "there is no such file",
) -> str:
    """Return the text of a file, line ends as LF, without a byte order mark.

    Parameters
    ----------
    path : Path
    error : type of AftershockError
        What is raised for a file that is there but wrong.
    most : int
        Bytes it may have.
    absent : str
        What is said where it is not there.

    Raises
    ------
    DataUnavailable
        If it is not there, or is no file.
    AftershockError
        If it is too large, unreadable, no UTF-8, or holds a NUL.
    """
    check_file(path, error, most=most, absent=absent)
    try:
        with path.open("rb") as file:
            raw = file.read(most + 1)  # a file of /proc says that it is empty
    except OSError as why:
        raise _unreadable(path, why, error) from None
    if len(raw) > most:
        raise _too_large(path, f"more than {most} bytes", most, error)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as why:
        raise error(
            f"byte {why.start} is not UTF-8 text",
            where=str(path),
            allowed="UTF-8 text",
            do="save the file as UTF-8",
        ) from None
    if "\0" in text:
        raise error(
            f"a NUL at character {text.index(chr(0))}",
            where=str(path),
            allowed="text without NUL bytes",
            do="take them out, or write the file again: it may be damaged",
        )
    return text.replace("\r\n", "\n").replace("\r", "\n")


def check_file(
    path: Path,
    error: type[AftershockError] = AftershockError,
    *,
    most: int = MOST_TABLE,
    absent: str = "there is no such file",
) -> None:
    """Refuse what is no file or too large, before it is opened.

    Raises
    ------
    DataUnavailable
        If it is not there: also a folder, a device, a loop of symbolic links.
    AftershockError
        If it has more than `most` bytes, or cannot be looked at.
    """
    try:
        there, size = path.is_file(), path.stat().st_size if path.is_file() else 0
    except (OSError, ValueError) as why:  # a NUL in the name, a name too long
        raise _unreadable(path, why, error) from None
    if not there:
        kind = "a folder stands there" if path.is_dir() else absent
        raise DataUnavailable(
            kind, where=str(path), allowed="a file", do="check the path"
        )
    if size > most:
        raise _too_large(path, f"{size} bytes", most, error)


def settled(path: Path) -> Path:
    """Return a path absolute and without symbolic links.

    What is no path (a loop of links, a NUL, ``~nobody``) stays as it is written: it is
    not there, and that is said where it is looked for.
    """
    try:
        return Path(os.path.realpath(path.expanduser()))
    except (OSError, RuntimeError, ValueError):
        return Path.cwd() / path


def shown(path: str | Path) -> str:
    """Return a path as people read it: from the working directory, if it is below it.

    Elsewhere from the root.
    """
    try:
        # without `..` by the letters alone: a link below is named as it is written
        whole, here = Path(os.path.normpath(Path(path).absolute())), Path.cwd()
    except OSError:  # the working directory is gone
        return str(path)
    return str(whole.relative_to(here) if whole.is_relative_to(here) else whole)


def is_there(path: Path) -> bool:
    """Tell whether a file or folder is there; what cannot be a path is not."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def leaves(path: Path, root: Path) -> bool:
    """Tell whether a path ends outside a folder, by ``..`` or by symbolic links."""
    return not settled(path).is_relative_to(settled(root))


def refuse_outside(
    path: Path, root: Path, error: type[AftershockError] = AftershockError
) -> None:
    """Refuse a file that a workspace lists but that lies elsewhere.

    Raises
    ------
    AftershockError
        If `path` ends outside `root`.
    """
    if leaves(path, root):
        raise error(
            f"it leads out of the workspace, to {settled(path)}",
            where=str(path),
            allowed=f"files inside {root}",
            do="copy the file into the workspace",
        )


def _unreadable(
    path: Path, why: Exception, error: type[AftershockError]
) -> AftershockError:
    said = getattr(why, "strerror", None) or why
    return error(
        f"the file cannot be read: {said}",
        where=str(path).replace("\0", "\\0"),
        allowed="a file that may be read",
        do="check its name and its permissions",
    )


def _too_large(
    path: Path, found: str, most: int, error: type[AftershockError]
) -> AftershockError:
    return error(
        f"the file is larger than {most // MEGABYTE} MB: {found}",
        where=str(path),
        allowed=f"at most {most // MEGABYTE} MB",
        do="check that it is the right file, or split it",
    )
