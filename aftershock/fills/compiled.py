"""How the kernel is compiled: once a machine, and never against older rules."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from numba import njit


def compiled(function: Callable[..., Any]) -> Any:
    """Compile a rule; the machine code is kept on disk, beside the source if it can."""
    made = njit(cache=True, nogil=True)(function)
    if hasattr(made, "stats"):  # not where numba is told to interpret
        _forget_once(Path(str(made.stats.cache_path)))
    return made


def forget_stale(folder: Path, kept: Path) -> None:
    """Remove compiled code that is older than any source file of a folder.

    numba looks only at the file of a function when it asks whether its cache still
    holds. A caller in another file would keep the old rule that was built into it.

    Parameters
    ----------
    folder : Path
        Of the source files.
    kept : Path
        Of the machine code; another one where the sources may not be written to.
    """
    changed = max(file.stat().st_mtime_ns for file in folder.glob("*.py"))
    for index in kept.glob("*.nbi"):
        # another process that starts now may have removed it first
        with suppress(FileNotFoundError):
            if index.stat().st_mtime_ns < changed:
                index.unlink()


@cache
def _forget_once(kept: Path) -> None:
    """Look at a folder of machine code when its first function is met."""
    forget_stale(Path(__file__).parent, kept)
