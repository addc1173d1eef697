"""A sheet of several panels: in HTML each is a picture of its own."""

from __future__ import annotations

import io
import re

import matplotlib as mpl
import pytest

from aftershock.pages.sheet import Sheet
from aftershock.pages.telling import told
from aftershock.report.pictures import PIXELS_AN_INCH, Picture, pictures_of


def pictures(*names: str, length: float = 0.0, loose: str = "") -> list[Picture]:
    """Draw a sheet of panels three inches wide, and something told in words."""
    sheet = Sheet({}, "a4")
    sheet.heading("Kicker", "A title")
    for i, name in enumerate(names):
        with sheet.panel(name):
            sheet.text(1 + 5 * i, 2.2, f"Name of {name}")
            axes = sheet.axes(1 + 5 * i, 2.5, 3, 1)
            axes.tick_params(length=length, labelleft=False, labelbottom=False)
    if loose:
        sheet.text(1, 5, loose)
    sheet.source("Source: nobody.")
    text, words = io.StringIO(), told(sheet.figure)
    with mpl.rc_context({"svg.fonttype": "none"}):
        sheet.figure.savefig(text, format="svg")
    return pictures_of(
        text.getvalue(), sheet.figure, "s", ("Page: A title", "Said."), words.panels
    )


def test_each_panel_is_a_picture_with_a_name() -> None:
    """Two of three inches, with 0.05 on each side: 3.1 inches, not the eight of both.

    The spines add half of their 0.8 points on each side.
    """
    found = pictures("left", "right")
    assert [picture.panel for picture in found] == [True, True]
    for picture, mine, other in zip(
        found, ("left", "right"), ("right", "left"), strict=True
    ):
        assert f"Page: A title: {mine}" in picture.svg
        assert f'id="s-panel-{1 + (mine == "right")}-title"' in picture.svg
        assert other not in picture.svg
        assert "Source" not in picture.svg
        inches = picture.width / PIXELS_AN_INCH
        assert inches == pytest.approx(3.1, abs=0.03)


def test_a_shape_that_panels_share_is_in_each() -> None:
    """Matplotlib defines the ticks of an axis once, in the first panel that has it."""
    for picture in pictures("left", "right", length=3.0):
        used = set(re.findall(r'href="#([^"]+)"', picture.svg))
        assert used
        assert used <= set(re.findall(r'id="([^"]+)"', picture.svg))


def test_a_panel_alone_is_the_picture_of_its_sheet() -> None:
    (found,) = pictures("left")
    assert not found.panel
    assert "Page: A title<" in found.svg


def test_what_stands_in_no_panel_keeps_the_sheet_whole() -> None:
    """Else a key below both panels would be in neither picture."""
    (found,) = pictures("left", "right", loose="A key")
    assert not found.panel
    assert "A key" in found.svg
