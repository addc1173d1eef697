"""Bars in a run: the tables beside the daily ones, and what is said of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import aftershock as af
from aftershock.config import load_config
from aftershock.errors import ConfigError, DataUnavailable
from aftershock.intraday import bar_slots
from aftershock.run.inputs import Inputs, obtain_inputs
from aftershock.run.intraday import study_bars
from tests.run.test_steps import EVENT

SLOTS = bar_slots("2026-03-02", "2026-04-30", "60min")
CONFIG = """
title: A test
events: {files: [events.yaml]}
prices: {source: {name: sample}, bars: bars}
study: {windows: [[0, 0]], frequency: 60min, placebo: {draws: 50}}
"""
AFTER_HOURS = "2026-04-29T16:05:00-04:00"


def bars_file(folder: Path, symbol: str, seed: int) -> pd.DataFrame:
    """Write made-up bars of one symbol, opening where the last one closed."""
    random = np.random.default_rng(seed)
    starts = SLOTS.labels[SLOTS.number > 0]
    close = 100 * np.exp(np.cumsum(random.normal(0, 0.004, len(starts))))
    before = np.concatenate([[100.0], close[:-1]])
    open_ = before * np.exp(random.normal(0, 0.002, len(starts)))
    frame = pd.DataFrame(
        {
            "timestamps": [f"{s.isoformat()}+00:00" for s in starts],
            "open": open_,
            "high": np.maximum(open_, close) * 1.001,
            "low": np.minimum(open_, close) * 0.999,
            "close": close,
            "volume": 1000,
        }
    )
    folder.mkdir(exist_ok=True)
    frame.to_csv(folder / f"{symbol}_1h.csv", index=False)
    return frame


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A config on bars of META and the market; CRWV has none."""
    text = EVENT.format(id="late", published=AFTER_HOURS, declared="unknown")
    (tmp_path / "events.yaml").write_text(text)
    (tmp_path / "one.yaml").write_text(CONFIG)
    for seed, symbol in enumerate(("META", "SPY")):
        bars_file(tmp_path / "bars", symbol, seed)
    return tmp_path


def inputs_of(folder: Path, *overrides: str) -> Inputs:
    """Read what the config asks for."""
    return obtain_inputs(load_config(folder / "one.yaml", overrides))


def test_the_gap_after_the_news_leads(workspace: Path) -> None:
    """Slot 0 of 30 April: first open over the last close of the 29th, by hand."""
    tables, notes = study_bars(inputs_of(workspace))
    rows = pd.read_csv(workspace / "bars" / "META_1h.csv").set_index("timestamps")
    gap = (
        rows.loc["2026-04-30T13:30:00+00:00", "open"]
        / rows.loc["2026-04-29T19:30:00+00:00", "close"]
        - 1
    )
    table = tables["intraday"].set_index("offset")
    assert table.loc[0, "ret"] == pytest.approx(gap, rel=1e-9)
    assert table.loc[0, "slot"] == 0
    # seven bars of an hour, the last of half: that many slots on either side
    assert list(table.index) == list(range(-7, 8))
    # half an hour and an hour are the same bar; a session has seven
    cars = tables["intraday_cars"]
    assert cars["end"].tolist() == [0, 1, 7]
    assert cars["car"].iloc[0] == pytest.approx(table.loc[0, "ar"], rel=1e-12)
    assert "bars: CRWV has none of 60min" in notes
    contrast = tables["intraday_tests"].set_index("test").loc["contrast"].iloc[0]
    assert contrast["warning"].startswith("exploratory: signs undated")


def test_without_bars_of_the_market_the_mean_is_said(workspace: Path) -> None:
    (workspace / "bars" / "SPY_1h.csv").unlink()
    tables, notes = study_bars(inputs_of(workspace))
    assert "bars: SPY has none, so they are measured by the model mean" in notes
    assert len(tables["intraday"]) == 15


def test_an_event_without_a_minute_is_named(workspace: Path) -> None:
    """Of the second event only the day is known."""
    first = EVENT.format(id="late", published=AFTER_HOURS, declared="unknown")
    day = EVENT.format(id="vague", published="2026-04-21", declared="unknown")
    text = first + day.replace("precision: exact", "precision: day")
    (workspace / "events.yaml").write_text(text)
    tables, notes = study_bars(inputs_of(workspace))
    assert "bars: vague left out, its minute is not known" in notes
    assert set(tables["intraday"]["event_id"]) == {"late"}


def test_days_need_no_bars(workspace: Path) -> None:
    inputs = inputs_of(workspace, "study.frequency=1d")
    assert inputs.bars is None
    assert study_bars(inputs) == ({}, [])


def test_bars_need_a_folder(workspace: Path) -> None:
    with pytest.raises(ConfigError, match="has no bars of 60min"):
        inputs_of(workspace, "prices.bars=null")
    with pytest.raises(DataUnavailable, match="no file of 5min bars of CRWV, META"):
        inputs_of(workspace, "study.frequency=5min")


def test_a_changed_bar_is_another_run(workspace: Path) -> None:
    one = inputs_of(workspace).digest
    bars_file(workspace / "bars", "META", 7)
    assert inputs_of(workspace).digest != one


def test_a_whole_run_writes_the_tables(workspace: Path) -> None:
    result = af.run(workspace / "one.yaml", out=workspace / "out", formats=["png"])
    assert len(result.tables["intraday"]) == 15
    assert {"intraday_cars", "intraday_tests"} <= set(result.tables)
    assert "bars: CRWV has none of 60min" in result.manifest["warnings"]
    assert result.manifest["study"]["frequency"] == "60min"
