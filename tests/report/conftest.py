"""One invented report, drawn once for all that look at it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aftershock import report
from tests.report_fixture import write_run

SAMPLE = "Sample data: simulated except for 87 press-reported moves"
HOSTILE = "<script>document.title = 'taken'</script> & <b>bold</b>"


@pytest.fixture(scope="session")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a run whose title and headline hold markup, drawn as HTML and PNG."""
    folder = write_run(
        tmp_path_factory.mktemp("html") / "run",
        simulated=SAMPLE, trades=9, accounts=1, claims=4, choices=True,
    )  # fmt: skip
    manifest = json.loads((folder / "run.json").read_text())
    manifest["title"] = HOSTILE
    manifest["events"][0]["headline"] = HOSTILE
    manifest["warnings"] = [HOSTILE]
    (folder / "run.json").write_text(json.dumps(manifest))
    report.draw(folder, ("png", "html"))
    return folder
