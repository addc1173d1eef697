"""Leave a result as a folder with one page, written aside and moved there whole."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from aftershock.report import draw
from aftershock.results.placing import whole

if TYPE_CHECKING:
    from aftershock.config import RunConfig
    from aftershock.results import RunResult


def leave(
    result: RunResult,
    config: RunConfig,
    out: Path | None,
    page: str,
    formats: Sequence[str] | None = None,
) -> Path:
    """Write ``reports/NAME-PAGE-ID``: the tables and their page.

    Parameters
    ----------
    formats : sequence of str, optional
        Default those of the config; with none at all only tables are left.

    Returns
    -------
    Path
        The folder.
    """
    root = out or config.workspace / "reports"
    target = root / f"{config.name}-{page}-{result.manifest['id']}"
    with whole(target) as folder:
        result.save(folder)
        wanted = config.report.formats if formats is None else formats
        if wanted:
            paper, workspace = config.report.paper, config.workspace
            draw(folder, wanted, pages=[page], paper=paper, workspace=workspace)
    return target
