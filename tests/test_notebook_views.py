"""Results as a notebook shows them: what was found, escaped, simulated or not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import aftershock as af
from aftershock.results import BacktestResult
from aftershock.sources.base import panel_from
from aftershock.sources.sample import SampleSource
from tests.report_fixture import write_run

STATEMENT = "Sample data: simulated except for 4 press-reported moves"


def book(trades: int, name: str = "<b>Mine</b>", **more: object) -> BacktestResult:
    """Return a result made by hand: a tenth lost, a plan refused at the end."""
    metrics = {"n_trades": trades, "total_return": -0.1, "sharpe": 1.25}
    rows = {
        "strategy": name,
        "event_id": [f"e{k}" for k in range(trades)],
        "symbol": "META",
        "side": "long",
        "entry_session": pd.Timestamp("2026-07-02"),
        "exit_session": pd.Timestamp("2026-07-09"),
        "exit_reason": "stop_loss",
        "ret": 0.045,
    }
    frame = pd.DataFrame(rows)
    if trades:
        frame.loc[trades - 1, ["entry_session", "exit_session"]] = pd.NaT
        frame.loc[trades - 1, "ret"] = np.nan
    return BacktestResult(
        frame,
        pd.DataFrame({"session": [], name: []}),
        pd.DataFrame(
            [(name, key, value) for key, value in metrics.items()],
            columns=["strategy", "metric", "value"],
        ),
        **more,  # type: ignore[arg-type]
    )


def test_a_backtest_shows_accounts_and_trades() -> None:
    """-0.1 is -10.0 %, 1.25 a Sharpe ratio, 4.5 % a trade, a refused one a dash."""
    html = book(2, warnings=("<i>late</i>",))._repr_html_().replace("\u2009", " ")
    assert "<td>−10.0 %</td><td>+1.25</td>" in html
    assert "<td>2026-07-02</td><td>2026-07-09</td><td>stop loss</td>" in html
    assert "<td>+4.5 %</td>" in html and "<td>–</td><td>–</td>" in html
    assert "&lt;b&gt;Mine&lt;/b&gt;" in html and "<b>Mine" not in html
    assert "<li>&lt;i&gt;late&lt;/i&gt;</li>" in html
    assert "simulated" not in html


def test_long_lists_are_cut_and_say_so() -> None:
    html = book(15)._repr_html_()
    assert html.count("<td>META</td>") == 12
    assert "and 3 more in the table trades" in html
    assert "META" not in book(0)._repr_html_()


def test_a_backtest_on_the_sample_says_that_it_is_simulated() -> None:
    assert STATEMENT in book(1, simulated=STATEMENT)._repr_html_()
    prices = panel_from(SampleSource().fetch(["META", "SPY"], None, None))
    assert prices.simulated.startswith("Sample data: simulated except for ")
    held = af.PricePanel(close=prices.close)
    assert held.simulated == ""


@pytest.mark.parametrize("simulated", [STATEMENT, None])
def test_a_run_shows_its_finding(simulated, tmp_path) -> None:
    """The made-up run of the report's tests, with a title that is no HTML."""
    result = af.RunResult.load(write_run(tmp_path / "run"))
    result.manifest["title"] = "<script>alert(1)</script>"
    result.manifest["simulated"] = simulated
    html = result._repr_html_()
    assert "&lt;script&gt;" in html and "<script>" not in html
    assert "The leading test" in html and "<th>abnormal</th>" in html
    assert (STATEMENT in html) == bool(simulated)
    assert str(tmp_path / "run") in html
