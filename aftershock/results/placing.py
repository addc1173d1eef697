"""Folders that appear whole or not at all, and what killed processes left behind."""

from __future__ import annotations

import errno
import logging
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

MARK = ".writing"
"""Locked while somebody writes in the folder that holds it: free means broken off."""
NEW, OLD = "new", "old"
_TRIES = 20
_TAKEN = (errno.ENOTEMPTY, errno.EEXIST)
_log = logging.getLogger("aftershock")


@contextmanager
def whole(target: Path) -> Iterator[Path]:
    """Give a folder to write into, which takes the target's place when all is there.

    It lies in a folder of its own beside the target. What was at the target stays
    until the moment of the exchange; where writing fails, it stays for good.
    """
    root = target.absolute().parent
    root.mkdir(parents=True, exist_ok=True)
    clear(root)
    with aside(root, target.name) as work:
        new = work / NEW / target.name
        new.mkdir(parents=True)
        yield new
        _exchange(new, target, work / OLD)


@contextmanager
def aside(root: Path, name: str) -> Iterator[Path]:
    """Give an empty folder that says that it is written to, then remove it."""
    with tempfile.TemporaryDirectory(
        prefix=f".{name}-", dir=root, ignore_cleanup_errors=True
    ) as work:
        mark = Path(work) / MARK
        with FileLock(mark):
            try:
                yield Path(work)
            finally:
                mark.unlink(missing_ok=True)  # while it is held: nobody takes it over


def clear(root: Path) -> list[Path]:
    """Remove what killed processes left in a folder, and tell of it in the log.

    A folder that had been written whole, and only not moved to its place, is moved
    there. Where somebody is writing, nothing is touched.
    """
    found = []
    for mark in sorted(root.glob(f".*/{MARK}")):
        with suppress(Timeout, OSError), FileLock(mark, timeout=0):
            if mark.exists():
                _finish(mark.parent, root)
                shutil.rmtree(mark.parent, ignore_errors=True)
                found.append(mark.parent)
                _log.warning(
                    "Found %s, left by a process that was broken off: removed",
                    mark.parent,
                )
    return found


def _exchange(new: Path, target: Path, old: Path) -> None:
    """Move a finished folder to its place; another process may do so meanwhile."""
    old.mkdir()  # from here on `new` is whole, see `_finish`
    for attempt in range(_TRIES):
        if target.exists():
            with suppress(FileNotFoundError):
                target.replace(old / str(attempt))
        try:
            new.replace(target)
        except OSError as error:
            if error.errno not in _TAKEN or attempt + 1 == _TRIES:
                raise
        else:
            return


def _finish(work: Path, root: Path) -> None:
    """Move what was whole to its place, where nothing is."""
    if (work / OLD).is_dir() and (work / NEW).is_dir():
        for new in (work / NEW).iterdir():
            if not (root / new.name).exists():
                new.replace(root / new.name)
