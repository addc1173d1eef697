"""What the table of tests says of each: in full, and by the names that it shows."""

from __future__ import annotations

import pandas as pd
import pytest

from aftershock.pages import how_unusual
from tests.report.reading import run_with


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("tails; see joint_ranked", "tails; see “All symbols together, ranked”"),
        ("see max_sar_ewma", "see “… scaled by volatility”"),
        ("see the tests scaled by volatility", "see the tests scaled by volatility"),
        ("one pair; see the table cars", "one pair; see the table cars"),
        ("few_placebo_sessions", "few placebo sessions"),
    ],
)
def test_a_test_is_pointed_to_by_the_name_that_the_table_shows(code, said) -> None:
    assert how_unusual._plainly(code) == said


@pytest.mark.parametrize(
    ("status", "reason"),
    [("dropped", "no pair could be measured"), ("ok", "no contrast was declared")],
)
def test_without_a_pair_no_test_says_that_a_contrast_is_lacking(status, reason) -> None:
    """Where every pair was dropped that is why, whatever a test would need besides."""
    test = {
        "group": "all", "start": 0, "end": 0, "test": "contrast", "statistic": 1.0,
        "pvalue": 0.5, "valid": False, "reason": "no contrast was declared",
    }  # fmt: skip
    result = run_with(
        {"study": {"headline_window": [0, 0]}},
        tests=pd.DataFrame([test]),
        pairs=pd.DataFrame({"status": [status]}),
    )
    assert how_unusual._tests(result)["reason"].tolist() == [reason]
