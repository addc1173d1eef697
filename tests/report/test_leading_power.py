"""Which effect the page of tests says would have been found, and by which test."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from aftershock.pages.leading_words import detectable
from tests.report.reading import PERCENT


def rows(*given):
    """Return tests: name, group, valid, smallest effect."""
    names = ["test", "group", "valid", "mde"]
    return pd.DataFrame(given, columns=names).assign(
        warning="", reason="", statistic=1.0, pvalue=0.3, mover="", start=0, end=0
    )


CLUSTERED = ("clustered", "all", True, 0.03)
PATELL = ("adjusted_patell", "all", True, 0.02)
FUNDS = ("clustered", "sector-fund", True, 0.01)


@pytest.mark.parametrize(
    ("given", "leading", "said"),
    [
        # the leading test's own, wherever it stands, of all and not of a part
        (
            [FUNDS, PATELL, CLUSTERED],
            "clustered",
            " Where news sessions vary as the estimation sessions did, an effect of "
            f"3.0{PERCENT} would have been found four times in five by it.",
        ),
        (
            [PATELL, CLUSTERED, ("placebo", "all", True, np.nan)],
            "placebo",
            " For it no smallest effect that would be found is known; where news "
            "sessions vary as the estimation sessions did, by another, "
            f"Patell, adjusted for correlation, one of 2.0{PERCENT} would have been "
            "found four times in five.",
        ),
        ([("clustered", "all", False, 0.03)], "clustered", ""),
        ([("placebo", "all", True, np.nan)], "placebo", ""),
    ],
)
def test_whose_power_it_is(given, leading, said) -> None:
    assert detectable(rows(*given), leading) == said
