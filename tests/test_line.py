"""A line of a sheet lies where matplotlib itself would set it."""

from __future__ import annotations

import io
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.image import imread

from aftershock.pages.lettering import line_width
from aftershock.plots import style
from aftershock.plots.line import Line

LOOKS: dict[str, dict[str, Any]] = {
    "left": {"ha": "left"},
    "right": {"ha": "right"},
    "center": {"ha": "center"},
    "framed": {"ha": "right", "bbox": {"boxstyle": "square,pad=0.3", "fc": "yellow"}},
    "semibold": {"ha": "right", "weight": "semibold", "color": "#d55e00"},
}


def ink(figure: Figure) -> np.ndarray:
    """Return which pixels are not white, drawn ten times as large as printed."""
    raw = io.BytesIO()
    figure.savefig(raw, format="png", dpi=720)
    raw.seek(0)
    return np.asarray(imread(raw)[..., :3].min(axis=2) < 0.5)


def edges(figure: Figure) -> np.ndarray:
    """Return first and last row and column with ink."""
    rows, columns = np.nonzero(ink(figure))
    return np.array([rows.min(), rows.max(), columns.min(), columns.max()])


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_it_lies_where_a_text_would(look: dict[str, Any]) -> None:
    """To a tenth of a point on each side."""
    words, size = "Meta +9.2 % (q = .03)", 9.0
    with mpl.rc_context(rc=style()):
        ours, theirs = (Figure(figsize=(4, 1)) for _ in range(2))
        wide = line_width(words, size, look.get("weight", "regular"))
        Line.on(ours, (0.6, 0.4), words, wide, size=size, **look)
        theirs.text(0.6, 0.4, words, size=size, va="baseline", **look)
        np.testing.assert_allclose(edges(ours), edges(theirs), atol=1)
        assert len(ours.texts) == 1


@pytest.mark.parametrize("form", ["pdf", "svg"])
def test_every_format_has_its_words(form: str) -> None:
    raw = io.BytesIO()
    with mpl.rc_context(rc=style() | {"svg.fonttype": "none"}):
        figure = Figure(figsize=(4, 1))
        Line.on(figure, (0.6, 0.4), "CoreWeave", 0.5, size=9, ha="right", gid="mark")
        figure.savefig(raw, format=form)
    if form == "svg":
        text = raw.getvalue().decode()
        assert (">CoreWeave<" in text, 'id="mark"' in text) == (True, True)
    else:
        from pypdf import PdfReader

        assert "CoreWeave" in PdfReader(raw).pages[0].extract_text()
