"""The report of an invented run: same bytes, no text clipped or overlapping."""

from __future__ import annotations

import os
import subprocess
import sys

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text
from pypdf import PdfReader

from aftershock import report
from aftershock.errors import AftershockError, ConfigError
from aftershock.plots import style
from aftershock.report.leaves import Leaves
from aftershock.results import RunResult
from aftershock.results.columns import LATER
from tests.conftest import ROOT
from tests.report_fixture import write_run

SAMPLE = "Sample data: simulated except for 87 press-reported moves"
CASES = {
    "plain": {},
    "long": {"long": True, "simulated": SAMPLE, "reach": 11},
    "three": {"symbols": 3, "trades": 0},
    "forty": {"symbols": 40, "trades": 60, "simulated": SAMPLE, "reach": 4},
    "forty, a month": {"symbols": 40, "trades": 0, "simulated": SAMPLE, "reach": 15},
    "events": {"events": 5, "symbols": 10},
    "tag": {"events": 7, "symbols": 4, "simulated": SAMPLE, "trades": 0},
    "forty events": {"events": 40, "symbols": 5, "long": True, "trades": 0},
    "bars": {"bars": True, "symbols": 5, "trades": 0, "simulated": SAMPLE},
    "long bars": {"bars": True, "symbols": 3, "trades": 0, "long": True},
    "accounts": {"accounts": 2, "trades": 60},
    "choices": {"choices": True},
    "long choices": {"choices": True, "long": True, "simulated": SAMPLE},
    "long accounts": {"accounts": 2, "long": True, "events": 9, "trades": 0},
    "claims": {"claims": 30, "trades": 0},
    "one claim": {"claims": 1, "trades": 0, "simulated": SAMPLE},
    "long claims": {"claims": 12, "trades": 0, "long": True, "simulated": SAMPLE},
}


def boxes(figure):
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    drawn = list(figure.texts)
    for ax in figure.axes:
        drawn += [*ax.texts, ax.xaxis.label, ax.yaxis.label]
        ticks = [*ax.xaxis._update_ticks(), *ax.yaxis._update_ticks()]  # drawn ones
        drawn += [tick.label1 for tick in ticks]
    for text in drawn:
        if text.get_visible() and text.get_text().strip():
            box = Text.get_window_extent(text, canvas.get_renderer())
            yield text.get_text(), box


def overlaps(found):
    """Pairs of texts whose boxes share more than a pixel both ways."""
    low = np.array([(box.x0, box.y0) for _, box in found])
    high = np.array([(box.x1, box.y1) for _, box in found])
    shared = np.minimum(high[:, None], high) - np.maximum(low[:, None], low)
    both = np.triu((shared > 1).all(axis=2), k=1)
    return [(found[i][0], found[j][0]) for i, j in np.argwhere(both)]


@pytest.mark.parametrize("paper", [
    "a4", pytest.param("letter", marks=pytest.mark.slow)
])  # fmt: skip
@pytest.mark.parametrize("case", [
    pytest.param(name, marks=[pytest.mark.slow] * name.startswith(("forty ", "forty,")))
    for name in CASES
])  # fmt: skip
def test_no_text_overlaps_or_leaves_the_page(case, paper, tmp_path):
    result = RunResult.load(write_run(tmp_path / "run", **CASES[case]))
    with mpl.rc_context(rc=style()):
        sheets = Leaves(result, report.chosen_pages(result, None), paper).sheets
        for _, name, figure in sheets:
            width, height = figure.bbox.width, figure.bbox.height
            found = list(boxes(figure))
            for text, box in found:
                inside = (
                    box.x0 >= 0 and box.x1 <= width and 0 <= box.y0 <= box.y1 <= height
                )
                assert inside, (name, text)
            clashes = overlaps(found)
            assert not clashes, (name, clashes[:5])


def test_sample_data_is_named_on_every_page(tmp_path):
    folder = write_run(tmp_path / "run", simulated=SAMPLE, trades=60)
    report.draw(folder, ("pdf",))
    pages = PdfReader(folder / "report.pdf").pages
    assert len(pages) >= 6
    for i, page in enumerate(pages):
        text = page.extract_text()
        assert "Sample data" in text
        assert f"page {i + 1} of {len(pages)}" in text
        assert text.count("Not investment advice.") == 1


def test_bookmarks_and_title(tmp_path):
    folder = write_run(tmp_path / "run")
    report.draw(folder, ("pdf",))
    book = PdfReader(folder / "report.pdf")
    titles = [item.title for item in book.outline]
    assert titles == [
        "What happened", "The days around it", "How unusual",
        "Every symbol, every day", "The trades", "Sample and data",
    ]  # fmt: skip
    assert book.metadata.title == "An invented run"


@pytest.mark.slow
def test_two_processes_draw_the_same_bytes(tmp_path):
    """Different hash seeds and time zones must not show."""
    seen = []
    for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo")):
        folder = write_run(tmp_path / seed)
        code = f"from aftershock.report import draw; draw({str(folder)!r})"
        env = os.environ | {"PYTHONHASHSEED": seed, "TZ": zone}
        subprocess.run([sys.executable, "-c", code], check=True, env=env,
                       cwd=ROOT)  # fmt: skip
        files = [folder / "report.pdf", folder / "report.html"]
        files += sorted((folder / "figures").iterdir())
        seen.append({f.name: f.read_bytes() for f in files})
    assert seen[0].keys() == seen[1].keys()
    assert [n for n in seen[0] if seen[0][n] != seen[1][n]] == []


def test_figures_are_wide_and_have_their_svg(tmp_path):
    """Width is bytes 16 to 19 of a PNG file (PNG specification, IHDR)."""
    folder = write_run(tmp_path / "run")
    report.draw(folder, ("png",), pages=["days_around"])
    files = sorted(p.name for p in (folder / "figures").iterdir())
    assert files == ["days_around.png", "days_around.svg"]
    head = (folder / "figures" / "days_around.png").read_bytes()[16:20]
    assert int.from_bytes(head, "big") >= 1600


def test_wrong_names_are_refused(tmp_path):
    folder = write_run(tmp_path / "run")
    with pytest.raises(ConfigError, match="no format is named 'doc'"):
        report.draw(folder, ("doc",))
    with pytest.raises(ConfigError, match="no paper is named 'a3'"):
        report.draw(folder, paper="a3")
    with pytest.raises(AftershockError, match="Did you mean 'trades'"):
        report.draw(folder, pages=["trade"])


def test_a_run_where_everything_was_dropped_says_so(tmp_path):
    folder = write_run(tmp_path / "run", trades=0)
    for name in ("cars", "paths", "tests", "placebo", "abnormal_returns"):
        table = folder / "tables" / f"{name}.csv"
        table.write_text(table.read_text().splitlines()[0] + "\n")
    report.draw(folder, ("pdf",))
    text = PdfReader(folder / "report.pdf").pages[0].extract_text()
    assert "Not tested" in text


def test_a_window_over_midnight_names_both_days():
    from aftershock.pages.announced import when_of

    event = {"precision": "session", "sessions": ["2026-07-02"]}
    event |= {
        "earliest": "2026-07-01T20:00:00-04:00",
        "latest": "2026-07-02T05:35:00-04:00",
    }
    assert when_of(event).startswith(
        "Published Wednesday 1 July 2026, 20:00 to Thursday 2 July 2026, 05:35 ET"
    )
    same = when_of(event | {"earliest": "2026-07-02T04:00:00-04:00"})
    assert same.startswith("Published Thursday 2 July 2026, 04:00–05:35 ET")


def test_a_run_of_before_has_no_levels_of_stops(tmp_path):
    """Its table of trades lacks columns: it is read and drawn all the same."""
    folder = write_run(tmp_path / "run")
    path = folder / "tables" / "trades.csv"
    table = pd.read_csv(path).drop(columns=sorted(LATER))
    table.to_csv(path, index=False)
    report.draw(folder, ("png",), pages=["trades"])
    assert (folder / "figures" / "trades.png").is_file()
