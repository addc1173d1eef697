"""Who else moved: planted movers are found, noise is not, nobody is lost in silence.

The corrected p-values are compared with `scipy.stats.false_discovery_control`; the
code under test takes statsmodels'.
"""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from typer.testing import CliRunner

from aftershock.cli import app
from aftershock.errors import EventError, StudyError
from aftershock.models.market import Market
from aftershock.models.synthetic import Synthetic
from aftershock.results import RunResult
from aftershock.run.scanning import EventScan
from aftershock.scan import MISSED, STILL, UNTESTED, Scan, scan
from aftershock.study.panel import StudyPanel, make_panel
from aftershock.windows import EstimationWindow, EventWindow
from tests.conftest import ROOT, realdata_folder

RUNNER = CliRunner()
DAY = EventWindow(0, 0)
DEMO = str(ROOT / "backtests" / "demo.yaml")
ROWS = 262
"""250 sessions before the event, the event, and a few after."""
EVENT = 255


def panel_of(moves: dict[str, float], symbols: int = 30, seed: int = 1) -> StudyPanel:
    """Symbols S00, S01, ... of 1 % daily noise; `moves` are added on the event."""
    rng = np.random.default_rng(seed)
    index = pd.bdate_range("2024-01-01", periods=ROWS)
    market = rng.normal(0, 0.01, ROWS)
    names = [f"S{k:02d}" for k in range(symbols)]
    values = market[:, None] + rng.normal(0, 0.01, (ROWS, symbols))
    returns = pd.DataFrame(values, index=index, columns=names)
    for name, move in moves.items():
        returns.loc[index[EVENT], name] = market[EVENT] + move
    factors = pd.DataFrame({"mkt": market}, index=index)
    return make_panel(returns, factors, Market(), EstimationWindow())


def pairs_of(panel: StudyPanel, named: dict[str, int]) -> pd.DataFrame:
    """A row for each symbol; those named have a sign."""
    symbols = list(dict.fromkeys([*named, *panel.symbols]))
    return pd.DataFrame(
        {
            "event_id": "e",
            "symbol": symbols,
            "role": "peer",
            "expected": [named.get(s, 0) for s in symbols],
            "named": [s in named for s in symbols],
            "session": panel.calendar[EVENT],
        }
    )


def scanned(moves: dict[str, float], named: dict[str, int], **more: int) -> Scan:
    """Scan a drawn panel."""
    panel = panel_of(moves, **more)
    return scan(pairs_of(panel, named), panel, DAY, 60)


def test_movers_are_found_named_or_not() -> None:
    """Eight symbols move by 12 standard deviations, the event names three of them."""
    moves = {f"S{k:02d}": 0.12 if k % 2 else -0.12 for k in range(8)}
    found = scanned(moves, {"S01": 1, "S02": 1, "S03": 0, "S20": -1, "GONE": 1})
    told = found.table.set_index("symbol")["finding"]
    assert set(told[told == MISSED].index) == {"S00", "S04", "S05", "S06", "S07"}
    assert told["S01"] == "named, moved as signed"
    assert told["S02"] == "named, moved against its sign"
    assert told["S03"] == "named, moved"
    assert told["S20"] == STILL
    assert set(found.table["symbol"][:8]) == set(moves)
    assert found.dropped[["symbol", "reason"]].to_numpy().tolist() == [
        ["GONE", "no_prices"]
    ]


def test_a_rank_has_a_floor_that_few_movers_cannot_pass() -> None:
    """240 estimation rows less 30 burned in: B = 210, floor 2/211 = .00948.

    Of 30 symbols k at the floor need .00948 <= .05 k / 30, so k >= 5.69: six. One
    mover of 30 standard deviations alone is not told by BH; among the maxima of all
    sessions it is the largest of 211: 1/211 = .0047.
    """
    one = scanned({"S00": 0.30}, {})
    assert one.table["pvalue_floor"].tolist() == pytest.approx([2 / 211] * 30)
    assert one.least == 6
    first = one.table.iloc[0]
    assert (first["symbol"], first["moved"]) == ("S00", False)
    assert first["pvalue_larger"] == pytest.approx(2 / 211)
    assert first["pvalue_family"] == pytest.approx(1 / 211)
    for count in (5, 6):
        moves = {f"S{k:02d}": 0.30 for k in range(count)}
        assert scanned(moves, {}).table["moved"].sum() == (count if count == 6 else 0)


def test_corrections_are_those_of_another_library() -> None:
    table = scanned({f"S{k:02d}": 0.02 * k for k in range(10)}, {}).table
    larger = table["pvalue_larger"]
    assert (larger == table[["pvalue", "pvalue_ewma"]].max(axis=1)).all()
    for column, method in (("pvalue_bh", "bh"), ("pvalue_by", "by")):
        want = stats.false_discovery_control(larger, method=method)
        assert table[column].to_numpy() == pytest.approx(want, abs=1e-12)
    assert list(table["sar"].abs()) == sorted(table["sar"].abs(), reverse=True)


@pytest.mark.slow
def test_false_discoveries_stay_within_the_rate() -> None:
    """Ten movers among thirty: on average at most 5 % of those called are false.

    100 panels; the share's standard deviation is below .1, so three standard errors
    are .03. Without any mover at most 5 % of the panels have one called, plus .066.
    """
    moves = {f"S{k:02d}": 0.05 for k in range(10)}
    shares, nulls = [], []
    for seed in range(100):
        called = scanned(moves, {}, seed=seed).table.query("moved")
        false = (~called["symbol"].isin(list(moves))).sum()
        shares.append(false / max(len(called), 1))
        nulls.append(bool(scanned({}, {}, seed=1000 + seed).table["moved"].any()))
    assert 0 < np.mean(shares) <= 0.05 + 0.03
    assert np.mean(nulls) <= 0.05 + 0.066


def test_what_cannot_be_tested_is_named() -> None:
    """A short history has no p; a missing return is no row of the table."""
    panel = panel_of({"S01": 0.2})
    returns = pd.DataFrame(panel.returns, panel.calendar, panel.symbols)
    returns.loc[: panel.calendar[EVENT - 101], "S01"] = np.nan
    returns.loc[panel.calendar[EVENT], "S02"] = np.nan
    returns.loc[: panel.calendar[EVENT - 30], "S03"] = np.nan
    factors = pd.DataFrame({"mkt": panel.factors["mkt"]}, panel.calendar)
    short = make_panel(returns, factors, Market(), EstimationWindow())
    found = scan(pairs_of(short, {}), short, DAY, 60)
    row = found.table.set_index("symbol").loc["S01"]
    assert row["finding"] == UNTESTED
    assert np.isnan(
        row[["pvalue_larger", "pvalue_bh", "pvalue_family"]].astype(float)
    ).all()
    assert not row["moved"]
    reasons = found.dropped.set_index("symbol")["reason"].to_dict()
    assert reasons == {"S02": "missing_return", "S03": "insufficient_estimation"}


def test_a_model_without_p_values_is_refused() -> None:
    panel = panel_of({})
    bare = StudyPanel(**{**vars(panel), "model": Synthetic()})
    with pytest.raises(StudyError, match="gives no p-value"):
        scan(pairs_of(panel, {}), bare, DAY, 60)


def test_the_command_ranks_the_sample(tmp_path: Path) -> None:
    """Sixteen symbols of the sample: the market apart, four named without prices."""
    made = RUNNER.invoke(app, ["scan", DEMO, "--json", "--out", str(tmp_path)])
    assert made.exit_code == 0, made.output
    told = json.loads(made.output)
    assert len(told["scan"]) == 15
    reasons = {row["symbol"]: row["reason"] for row in told["dropped"]}
    assert reasons == {"SPY": "the_market"} | dict.fromkeys(
        ["IREN", "CIFR", "AMZN", "ORCL"], "no_prices"
    )
    rows = {row["symbol"]: row for row in told["scan"]}
    assert rows["META"]["named"] and not rows["QQQ"]["named"]
    assert rows["META"]["other_news"] == "davidson-luria-20260701"
    (folder,) = tmp_path.iterdir()
    assert len(RunResult.load(folder).tables["scan"]) == 15


def test_the_screen_says_what_its_numbers_are() -> None:
    """``data/reported_moves.csv`` has eleven closes in percent of 1 July 2026.

    META, CRWV, NBIS, NVDA, AMD, AVGO, MU, SNDK, SMH, QQQ, and SOX, whose proxy is SOXX.
    """
    shown = RUNNER.invoke(app, ["scan", DEMO]).output
    for said in (
        "moved, not named",
        "named, may be noise",
        "not studied",
        "Sample data: simulated; 11 of 15 moves of this session press-reported",
    ):
        assert said in shown
    assert max(map(len, shown.split("not studied")[0].splitlines()[3:18])) <= 100


def test_a_session_of_which_the_press_reported_nothing_is_all_simulated() -> None:
    """22 April 2026 has no row in ``data/reported_moves.csv``."""
    table = pd.DataFrame({"symbol": ["META"], "session": [pd.Timestamp("2026-04-22")]})
    inputs: Any = SimpleNamespace(prices=SimpleNamespace(simulated="Sample data"))
    event: Any = None
    found = EventScan(inputs, event, Scan(table, table))
    assert found.simulated == "Sample data: all moves of this session are simulated"


def test_another_event_can_be_chosen() -> None:
    chosen = RUNNER.invoke(app, ["scan", DEMO, "--event", "nbis-meta-27bn-20260316"])
    assert "Session 2026-03-16" in chosen.output
    wrong = RUNNER.invoke(app, ["scan", DEMO, "--event", "nbis-meta-27bn"])
    assert isinstance(wrong.exception, EventError)
    assert "Did you mean 'nbis-meta-27bn-20260316'?" in str(wrong.exception)


@pytest.mark.realdata
def test_the_founding_event_on_real_prices() -> None:
    """META's +9.2 % is the largest; two indices and the market stand apart."""
    prices = realdata_folder() / "prices"
    made = RUNNER.invoke(
        app,
        [
            "scan", str(ROOT / "backtests" / "meta_compute.yaml"), "--json",
            "--set", f"prices.source={{name: folder, path: {prices}}}",
        ],
    )  # fmt: skip
    told = json.loads(made.output)
    assert told["scan"][0]["symbol"] == "META"
    aside = {
        r["symbol"] for r in told["dropped"] if r["reason"] in ("index", "the_market")
    }
    assert aside == {"^GSPC", "^VIX", "SPY"}
