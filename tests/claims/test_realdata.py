"""The claims about the founding event on real prices, where these are at hand."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from scipy import stats

from aftershock.claims import VERDICTS
from aftershock.config import load_config
from aftershock.run.claims import claims_table, obtain_with_claims
from aftershock.run.inputs import Inputs
from tests.conftest import ROOT, realdata_folder
from tests.test_realdata import own_pairs

pytestmark = pytest.mark.realdata
NO_SIGN = ("about 0", "no rarer than the bound")


@pytest.fixture(scope="module")
def inputs() -> Inputs:
    """What the shipped config and its claims read from the folder."""
    config = load_config(
        ROOT / "backtests" / "meta_compute.yaml",
        [
            "prices.source.name=folder",
            f"prices.source.path={realdata_folder() / 'prices'}",
        ],
    )
    return obtain_with_claims(config)


@pytest.fixture(scope="module")
def table(inputs: Inputs) -> pd.DataFrame:
    """The verdicts."""
    return claims_table(inputs).set_index("claim_id")


def test_every_claim_has_a_verdict(table: pd.DataFrame) -> None:
    """And a reason; what opens before it was said supports nothing but figures."""
    assert set(table["verdict"]) <= set(VERDICTS)
    assert (table["detail"] != "").all()
    late = table["describes"] & (table["measure"] != "reported_move")
    assert "supported" not in set(table.loc[late, "verdict"])
    tested = table["verdict"] != "not testable"
    assert table.loc[tested, "value"].notna().all()


def test_what_waits_names_its_day(table: pd.DataFrame) -> None:
    """20 and 60 sessions after 1 July 2026: 30 July and 25 September.

    Counted by hand, without 3 July and 7 September.
    """
    days = table["testable_from"]
    assert days["chips-fewer-orders"] == days["meta-bridge-no-rerating"] == "2026-07-30"
    assert days["neocloud-pricing-power"] == "2026-09-25"
    assert days["chips-profit-taking"] == "2026-07-16"
    said = "cannot tell it from its rival chips-fewer-orders before 2026-07-30"
    assert said in table.loc["chips-profit-taking", "detail"]


def test_the_neoclouds_by_the_second_implementation(table: pd.DataFrame) -> None:
    """The mean of two abnormal returns, and of META alone, with the reference's t."""
    pairs = own_pairs(realdata_folder())
    mean = (pairs["CRWV"].ar(0) + pairs["NBIS"].ar(0)) / 2
    assert table.loc["neocloud-headwind-day", "value"] == pytest.approx(mean, abs=1e-8)
    meta = pairs["META"]
    row = table.loc["meta-bridge-jump"]
    assert row["value"] == pytest.approx(meta.ar(0), abs=1e-8)
    assert row["pvalue"] >= 2 * stats.t.sf(meta.ar(0) / meta.se(0, 0), meta.df)


def test_flipped_returns_flip_the_verdicts(inputs: Inputs, table: pd.DataFrame) -> None:
    """Every return with its sign turned, the market's too, turns abnormal ones.

    E[R] = a + b Rm becomes -a - b Rm, spreads stay, and so does every p of a sign.
    What was right is wrong; what only described is contradicted; what stands in for
    an index refutes nothing; a first move that was a rise (p .03) has no fall to take
    back. What is about 0 or rare has no sign, and keeps verdict and p.
    """
    assert inputs.claims is not None
    prices = inputs.claims.prices
    moves = -prices.close.pct_change(fill_method=None)
    level = prices.close.bfill().iloc[0] * (1 + moves.fillna(0)).cumprod()
    other = replace(prices, close=level.where(prices.close.notna()))
    claims = replace(inputs.claims, prices=other)
    flipped = claims_table(replace(inputs, claims=claims)).set_index("claim_id")
    for name, row in table.iterrows():
        wanted = "contradicted" if row["verdict"] == "supported" else row["verdict"]
        if row["verdict"] == "not testable" or row["expected"] in NO_SIGN:
            wanted = row["verdict"]
        elif "stands for" in row["detail"]:
            wanted = "undecided"
        elif row["detail"].startswith("describes") or row["measure"] == "reversal":
            wanted = "contradicted"
        assert flipped.loc[name, "verdict"] == wanted, name
    levels = table["value"].notna() & ~table["measure"].isin(["placebo_rank"])
    assert flipped["value"][levels].to_numpy() == pytest.approx(
        -table["value"][levels].to_numpy(), abs=1e-9
    )
    same = levels & (table["measure"] != "reversal")
    assert flipped["pvalue"][same].to_numpy() == pytest.approx(
        table["pvalue"][same].to_numpy(), nan_ok=True
    )
    assert (flipped["verdict"] == "contradicted").sum() >= 9
