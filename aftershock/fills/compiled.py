"""How the kernel is compiled: once a machine, and never against older rules."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from numba import njit


def compiled(function: Callable[..., Any]) -> Any:
    """Compile a rule; the machine code is kept on disk beside the source."""
    return njit(cache=True, nogil=True)(function)


def forget_stale(folder: Path) -> None:
    """Remove compiled code that is older than any source file of a folder.

    numba looks only at the file of a function when it asks whether its cache still
    holds. A caller in another file would keep the old rule that was built into it.
    """
    changed = max(file.stat().st_mtime_ns for file in folder.glob("*.py"))
    for kept in (folder / "__pycache__").glob("*.nbi"):
        if kept.stat().st_mtime_ns < changed:
            kept.unlink(missing_ok=True)


forget_stale(Path(__file__).parent)
