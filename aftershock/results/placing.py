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

ENDING = ".writing"
"""How the names of folders end that are written to."""
MARK = ".lock"
"""Held while somebody writes in the folder: free means broken off."""
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
    work = Path(tempfile.mkdtemp(prefix=f".{name}-", suffix=ENDING, dir=root))
    with FileLock(work / MARK):
        try:
            yield work
        finally:
            _remove(work)


def clear(root: Path) -> list[Path]:
    """Remove what killed processes left in a folder, and tell of it in the log.

    A folder that had been written whole, and only not moved to its place, is moved
    there. Where somebody is writing, nothing is touched.
    """
    found = []
    for left in sorted(root.glob(f".*{ENDING}")):
        if _taken_away(left, root):
            found.append(left)
            _log.warning(
                "Found %s, left by a process that was broken off: removed", left
            )
    return found


def _taken_away(left: Path, root: Path) -> bool:
    """Remove a folder that nobody holds; say whether it was there and is gone."""
    with suppress(Timeout, OSError):
        if not (left / MARK).exists():
            left.rmdir()  # killed before it held the lock, or after: it is empty
            return True
        with FileLock(left / MARK, timeout=0):
            _finish(left, root)
            _remove(left)
            return True
    return False


def _remove(work: Path) -> None:
    """Remove a folder that is held, the lock last: whoever is killed leaves it told."""
    for path in work.iterdir():
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        elif path.name != MARK:
            path.unlink()
    (work / MARK).unlink(missing_ok=True)
    shutil.rmtree(work, ignore_errors=True)


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
