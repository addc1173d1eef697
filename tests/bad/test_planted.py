"""Planted price defects are named; clean prices raise no alarm."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from aftershock.sources.folder import FolderSource
from tests.bad.planting import (
    KINDS,
    Kind,
    alarms,
    found_in,
    planted_in,
    rates,
    simulated,
)

NEVER_SURE = {"partial": 0.5, "split": 0.9, "swapped_adjusted": 0.9}
"""A last bar with half of its volume looks like a quiet day, a split on a wild day like
a wild day, and closes cannot be told from adjusted ones where little was paid."""


@pytest.fixture(scope="module")
def shares() -> list[pd.DataFrame]:
    """Forty simulated shares."""
    rng = np.random.default_rng(20260701)
    return [simulated(rng) for _ in range(40)]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.plant.__name__)
def test_each_kind_is_named(shares: list[pd.DataFrame], kind: Kind) -> None:
    rng = np.random.default_rng(7)
    told = [found_in(kind, planted_in(shares, kind, rng))[0] for _ in range(5)]
    assert sum(told) >= 5 * NEVER_SURE.get(kind.plant.__name__, 1.0)


def test_clean_prices_raise_no_alarm(shares: list[pd.DataFrame]) -> None:
    """A thin last bar can happen: once in a few hundred series by its rule."""
    bars, told = alarms((f"S{n}", share) for n, share in enumerate(shares))
    assert bars == 20_000
    assert set(told) <= {"minor thin_last_bar"} and sum(told.values()) <= 2


@pytest.mark.slow
def test_a_thousand_planted_defects() -> None:
    rng = np.random.default_rng(1)
    clean = [simulated(rng) for _ in range(400)]
    table = rates(clean, 1000)
    assert table["named"].sum() >= 970
    assert alarms((f"S{n}", s) for n, s in enumerate(clean))[1].total() <= 8


@pytest.mark.realdata
def test_real_files_with_defects_are_found(realdata: Path) -> None:
    """A row on Memorial Day 2026, and a last bar with a sixth of the usual volume."""
    source = FolderSource(realdata / "defects")
    found = {
        (d.rule, d.symbol.split("_")[0]) for d in source.fetch(source.symbols()).defects
    }
    assert {("holiday_row", "VIX"), ("thin_last_bar", "CRWV")} <= found


@pytest.mark.realdata
def test_clean_real_prices_raise_no_alarm(realdata: Path) -> None:
    source = FolderSource(realdata / "prices")
    assert source.fetch(source.symbols()).defects == ()
