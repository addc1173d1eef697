"""Notebooks run from top to bottom, and are kept without what they printed."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.conftest import ROOT

NOTEBOOKS = sorted((ROOT / "docs" / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_is_kept_without_outputs(path: Path) -> None:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert code and all(not c["outputs"] and not c["execution_count"] for c in code)
    told = "".join(cells[0]["source"])
    assert told.startswith("# ") and "simulated" in told


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_runs(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a kernel of its own; a result shows itself as a table, a plot as a picture."""
    pytest.importorskip("ipykernel", reason="the notebooks' kernel (extra test)")
    nbclient = pytest.importorskip("nbclient", reason="runs notebooks (extra test)")
    import nbformat

    around = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    monkeypatch.setenv("PYTHONPATH", around)
    read = nbformat.read(path, as_version=4)
    client = nbclient.NotebookClient(
        read, timeout=300, resources={"metadata": {"path": str(tmp_path)}}
    )
    done = client.execute()
    shown = [
        kind
        for cell in done.cells
        for output in cell.get("outputs", ())
        for kind in output.get("data", ())
    ]
    assert "text/html" in shown and "image/png" in shown
