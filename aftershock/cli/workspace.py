"""The workspace in which a command is given."""

from __future__ import annotations

from pathlib import Path


def workspace() -> Path | None:
    """Return the folder one stands in, where it has a `data` folder of its own."""
    return Path.cwd() if (Path.cwd() / "data").is_dir() else None
