"""The folder one stands in: its catalogue, its ledger, and its pages for a run."""

from __future__ import annotations

from pathlib import Path

LEDGER = Path("data") / "ledger.yaml"


def workspace() -> Path:
    """Return the folder one stands in: its `data` holds the store and the ledger."""
    return Path.cwd()


def catalogue_root() -> Path | None:
    """Return the workspace where it has data of its own; else only ours counts."""
    return workspace() if (workspace() / "data").is_dir() else None


def workspace_of_run(folder: Path) -> Path:
    """Return whose `pages` a run is drawn with: around its `reports`, or where one is.

    A run left elsewhere by --out is drawn from where its workspace is.
    """
    around = folder.resolve().parent.parent
    return around if (around / "pages").is_dir() else workspace()
