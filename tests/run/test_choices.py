"""One piece of news under every choice that a config asks for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from aftershock.errors import ConfigError
from aftershock.run.choices import robustness_frame
from aftershock.run.inputs import Inputs
from aftershock.run.measuring import study_of
from tests.run.test_steps import MORNING, inputs_of, write

ASKED = (
    "study.robustness={models: [market, mean], markets: [SPY, GONE], "
    "estimations: [[-250, -11], [-150, -11]]}"
)


@pytest.fixture(scope="module")
def inputs(tmp_path_factory) -> Inputs:
    path = write(tmp_path_factory.mktemp("choices"), ("e1", MORNING, "before"))
    return inputs_of(path, ASKED, "study.estimation.before=2026-03-31")


@pytest.fixture(scope="module")
def table(inputs: Inputs) -> pd.DataFrame:
    return robustness_frame(inputs, study_of(inputs))


def test_every_combination_has_its_rows(table: pd.DataFrame) -> None:
    """Two models, one market that is there, two spans, with and without the cut.

    Each of the 8 has the contrast in two windows and two roles in the first, all
    plain and scaled; each of the 8 with the market GONE has a row that says so.
    """
    there = table[table["market"] == "SPY"]
    assert len(there) == 8 * (2 + 2) * 2
    counts = there.groupby("group").size().to_dict()
    assert counts == {"actor": 16, "contrast": 32, "supplier-competitor": 16}
    gone = table[table["market"] == "GONE"]
    assert len(gone) == 8
    assert set(gone["reason"]) == {"no prices for GONE"}
    assert not gone["valid"].any()
    own = there[there["leading"].astype(bool)]
    assert set(own["estimation"]) == {"[-250, -11] before 2026-03-31"}
    assert set(own["window"]) == {"[0, 0]"}


@pytest.mark.parametrize(("span", "before"), [(-250, True), (-150, False)])
def test_estimates_are_those_of_statsmodels(
    inputs: Inputs, table: pd.DataFrame, span: int, before: bool
) -> None:
    """The contrast META less CRWV on the event session, forecast by an OLS of it."""
    returns = inputs.prices.returns()
    at = returns.index.get_loc(pd.Timestamp("2026-04-22"))
    rows = returns.iloc[at + span : at - 10]
    if before:
        rows = rows[rows.index < "2026-03-31"]
    spread, market = rows["META"] - rows["CRWV"], sm.add_constant(rows["SPY"])
    fit = sm.OLS(spread, market, missing="drop").fit()
    event = returns.iloc[at]
    want = event["META"] - event["CRWV"] - fit.params @ [1.0, event["SPY"]]
    cut = " before 2026-03-31" if before else ""
    mine = table[
        (table["model"] == "market")
        & (table["market"] == "SPY")
        & (table["estimation"] == f"[{span}, -11]{cut}")
        & (table["window"] == "[0, 0]")
        & (table["scaling"] == "plain")
    ].set_index("group")
    assert mine.loc["contrast", "estimate"] == pytest.approx(want, rel=1e-10)
    forecast = fit.get_prediction([1.0, event["SPY"]]).se_obs[0]
    assert mine.loc["contrast", "statistic"] == pytest.approx(want / forecast, rel=1e-8)
    one = sm.OLS(rows["META"], market, missing="drop").fit()
    alone = event["META"] - one.params @ [1.0, event["SPY"]]
    assert mine.loc["actor", "estimate"] == pytest.approx(alone, rel=1e-10)


def test_other_news_is_left_out_where_there_is_some(tmp_path: Path) -> None:
    """Two sessions: clusters, pooled and by role, with and without the other."""
    days = ("2026-02-11T08:00:00-05:00", MORNING)
    news = [(f"e{k}", day, "before") for k, day in enumerate(days)]
    path = write(tmp_path, *news)
    asked = "study.robustness={models: [market]}"
    inputs = inputs_of(path, asked)
    table = robustness_frame(inputs, study_of(inputs))
    assert set(table["reference"]) == {"other news included", "without other news"}
    assert set(table["scaling"]) == {"plain", "wild bootstrap"}
    assert set(table["group"]) == {"all", "actor", "supplier-competitor"}
    by = table[(table["group"] == "all") & (table["window"] == "[0, 0]")]
    kept = by[by["scaling"] == "plain"].set_index("reference")["estimate"]
    assert np.isfinite(kept).all()
    assert kept.nunique() == 2
    assert not table["valid"].any()  # two clusters


def test_without_the_key_nothing_is_tried(tmp_path: Path) -> None:
    inputs = inputs_of(write(tmp_path, ("e1", MORNING, "before")))
    assert robustness_frame(inputs, study_of(inputs)).empty


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("study.robustness={models: [markett]}", "Did you mean 'market'"),
        ("study.robustness={estimations: [[-100, 2]]}", "windows that end before 0"),
    ],
)
def test_what_cannot_be_tried(tmp_path: Path, setting: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        inputs_of(write(tmp_path, ("e1", MORNING, "before")), setting)
