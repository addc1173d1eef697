"""The committed table of sizes: whole, and no valid test outside what it may reject."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from aftershock.calibration import DEFECTS, DESIGNS
from aftershock.study.design import find_tests

ROOT = Path(__file__).parents[2]
TESTS = find_tests("all", several_sessions=True)[0]


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return pd.read_csv(ROOT / "docs" / "calibration.csv")


def test_every_design_and_row_is_there(table: pd.DataFrame) -> None:
    assert set(table["design"]) == set(DESIGNS)
    assert {row for test in TESTS for row in test.rows} <= set(table["test"])


def test_no_valid_test_rejects_too_often_or_too_rarely(table: pd.DataFrame) -> None:
    wrong = table[table["verdict"].isin(DEFECTS)]
    assert wrong.empty, wrong.to_string()


@pytest.mark.parametrize("test", TESTS, ids=lambda t: t.name)
def test_each_test_cites_its_row(test) -> None:
    """The docstring names the anchor, and the document has it."""
    page = (ROOT / "docs" / "calibration.md").read_text()
    assert f"docs/calibration.md#{test.name}" in type(test).__doc__
    assert f'<a id="{test.name}"></a>' in page
