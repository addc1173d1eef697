"""Text that a spreadsheet would run is written harmless, and comes back as it was."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftershock.events.cells import bare, guarded
from aftershock.results.files import read_table, write_table

RUN = ("=HYPERLINK(1)", "+cmd|' /C calc'!A0", "-A1", "@SUM(1)", "\tx", "\r=1", "=1")
LEFT = ("", "META", "-250..-11", "+0.5", "-1", "[-1, 1]", "it's = 1", "a-b", "-1; 2")


@pytest.mark.parametrize("text", RUN)
def test_a_formula_is_made_text(text: str) -> None:
    """A cell that begins with = + - @, a tab or a line end (OWASP, CSV injection)."""
    assert guarded(text) == "'" + text
    assert guarded("'" + text) == "''" + text


@pytest.mark.parametrize("text", LEFT)
def test_what_can_do_nothing_stays(text: str) -> None:
    assert guarded(text) == text == bare(text)


@given(st.text(alphabet="'=+-@\t\r\n1.a ", max_size=12))
def test_every_text_comes_back(text: str) -> None:
    assert bare(guarded(text)) == text
    assert not guarded(text) or guarded(text)[0] not in "=@\t\r\n"


def test_a_table_round_trips(tmp_path: Path) -> None:
    """In the file no cell begins with a formula; numbers are numbers, minus and all."""
    (tmp_path / "tables").mkdir()
    mixed = pd.Series(["=A1", -2.5, None], dtype=object)
    table = pd.DataFrame(
        {
            "event_id": ["=e1", "'=e2", "e3"],
            "detail": ["@x", "-1", "-cmd|'x'!A0"],
            "estimate": [-0.5, 1.0, -3e-9],
            "estimation": ["-250..-11", "", "-120..-11"],
            "=bad": [-1, 0, 1],
            "mixed": mixed,
        }
    )
    write_table(table, tmp_path, "odd")
    path = tmp_path / "tables" / "odd.csv"
    rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
    assert rows[0][4] == "'=bad"
    assert rows[1] == ["'=e1", "'@x", "-0.5", "-250..-11", "-1", "'=A1"]
    assert rows[2][:2] == ["''=e2", "-1"] and rows[3][1] == "'-cmd|'x'!A0"
    back = read_table(path)
    named = ["event_id", "detail", "estimate", "=bad"]
    pd.testing.assert_frame_equal(back[named], table[named], check_dtype=False)
    assert back["mixed"].tolist()[:2] == ["=A1", "-2.5"]
