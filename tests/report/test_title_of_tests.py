"""The title of the page of tests says what the leading test asks, and no more."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

from aftershock.pages import how_unusual
from aftershock.pages.leading_words import dissent, title_of
from aftershock.pages.sheet import Sheet
from aftershock.plots import style
from aftershock.results import empty
from tests.report.reading import run_with

APART = "Not all valid tests agree, each on its own null"


@pytest.mark.parametrize(
    ("verdict", "test", "said"),
    [
        ("moved", "joint_ranked", "By the leading test rare on ordinary sessions"),
        ("moved", "clustered", "By the leading test the mean is not zero"),
        ("undecided", "placebo", "Undecided: ordinary sessions can bring as much"),
        ("undecided", "clustered", "Undecided: the mean may be zero"),
        (
            "exploratory, too few sessions to decide",
            "placebo",
            "Exploratory: too few sessions to decide",
        ),
        ("not tested", "placebo", ""),
    ],
)
def test_each_verdict_in_words_of_its_test(verdict: str, test: str, said: str) -> None:
    assert title_of(verdict, test) == said


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        ("moved", [f"{APART}: Share of rises (p = 0.300)."]),
        # of roles some are small by luck, and an invalid test has no say
        ("undecided", [f"{APART}: Mean, standardised (p = 0.010)."]),
        ("not_tested", []),
    ],
)
def test_who_disagrees_is_named(verdict: str, said: list[str]) -> None:
    rows = [
        ("bmp", "all", True, 0.01),
        ("sign", "all", True, 0.3),
        ("patell", "all", False, 0.02),
        ("bmp", "actor", True, 0.01),
        ("placebo", "all", True, None),
    ]
    table = pd.DataFrame(rows, columns=["test", "group", "valid", "pvalue"])
    assert dissent(table.assign(warning=""), verdict, lambda _: None) == said


def test_exploratory_tests_disagree_with_nobody_and_p_is_a_bound_at_its_floor() -> None:
    """A ranked p of 1 in 1,001 on 1,000 sessions is the least there is."""
    rows = pd.DataFrame({
        "test": ["placebo_contrast", "placebo"], "group": "all", "valid": True,
        "pvalue": [0.01, 1 / 1001],
        "warning": ["exploratory: signs declared after", ""],
    })  # fmt: skip
    (said,) = dissent(rows, "undecided", lambda _: 1000.0)
    assert said == f"{APART}: Mean move against placebo sessions (p \u2264\u20090.001)."


def test_ticks_of_a_distribution_stand_where_they_say() -> None:
    """Draws of -0.9 to 0.9 and an event at 1.03 have ticks a quarter apart."""
    tests = pd.DataFrame({
        "test": ["placebo"], "group": "all", "start": 0, "end": 0, "statistic": 1.03,
        "pvalue": 0.01, "valid": True,
    })  # fmt: skip
    draws = np.linspace(-0.9, 0.9, 200)
    placebo = pd.DataFrame({"test": "placebo", "window": "0,0", "value": draws})
    pairs = pd.DataFrame({"status": ["ok"]})
    manifest = {"study": {"headline_window": [0, 0]}}
    result = run_with(manifest, tests=tests, placebo=placebo, pairs=pairs)
    for name in ("cars", "abnormal_returns"):
        result.tables[name] = empty(name)
    with mpl.rc_context(style()):
        sheet = Sheet({}, "a4")
        sheet.heading("How unusual", "A title")
        how_unusual._histograms(sheet, result)
        (ax,) = sheet.figure.axes
        sheet.figure.canvas.draw()
        ticks = [
            (tick.get_text(), x)
            for tick, x in zip(ax.get_xticklabels(), ax.get_xticks(), strict=True)
        ]
    assert np.allclose(np.diff([x for _, x in ticks]), 0.25)
    for text, x in ticks:
        assert float(text.replace("\u2212", "-")) == x
