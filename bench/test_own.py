"""Our own functions under pytest-benchmark; collected by `make bench` alone."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import event_study
import sweep

from aftershock.executor import Serial
from aftershock.sweep import curve_figures, trade_figures


@pytest.fixture(scope="module")
def frames():
    """Return events, returns and a market of 1,000 events."""
    return event_study.world(1_000)


@pytest.fixture(scope="module")
def tasks():
    """Return 500 settings of 4,000 trades."""
    return sweep.tasks_of(sweep.world())


def test_gather_of_1000_events(benchmark, frames):
    """Do by plain numpy what a study does."""
    benchmark(event_study.gather, *frames)


def test_study_of_1000_events_with_one_test(benchmark, frames):
    """Make pairs, returns, CARs and a test."""
    benchmark(event_study.study, frames, ["cross_sectional"])


def test_study_of_1000_events_with_16_tests(benchmark, frames):
    """Add the other tests."""
    benchmark(event_study.study, frames, event_study.EVERY)


def test_account_of_4000_trades(benchmark, tasks):
    """Play one setting on its account, day by day."""
    benchmark(curve_figures, tasks[7])


def test_4000_trades_under_500_settings_by_themselves(benchmark, tasks):
    """Play all settings without an account, on one thread."""
    benchmark.pedantic(trade_figures, (tasks, Serial()), rounds=3, warmup_rounds=1)
