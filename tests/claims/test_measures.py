"""Verdicts on spreads, orders, rarity and reported figures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.claims.world import REPORTED, SESSION, claim_text, moved, noise, one, turns


@pytest.mark.parametrize("sign", [1, -1])
def test_one_group_less_another(tmp_path: Path, sign: int) -> None:
    """A less the mean of the others of its own group: .10 - (.02 + .04)/2 = .07."""
    returns = noise("ABC")
    returns.loc[SESSION] = sign * np.array([0.10, 0.02, 0.04])
    body = """
    measure: spread
    symbols: [A]
    against: {symbols: [A, B, C]}
    window: [0, 0]
    expected: +1
    """
    row = one(tmp_path, returns, claim_text(body))
    mean = returns.iloc[50:290].mean()
    wanted = sign * 0.07 - (mean["A"] - (mean["B"] + mean["C"]) / 2)
    assert row["value"] == pytest.approx(wanted)
    assert row["verdict"] == ("supported" if sign > 0 else "contradicted")


FIELD = "{A: 1, B: 2, C: 3, D: 4, E: 5}"


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(
    ("measure", "value"), [("slope", 0.05), ("rank_correlation", 1)]
)
def test_the_more_the_more(
    tmp_path: Path, measure: str, value: float, sign: int
) -> None:
    """Each unit of the field moves 5 % more, noise is 0.2 %: the order is perfect.

    On a reference session one order in 120 is, and one its reverse.
    """
    returns = noise("ABCDE", 0.002)
    returns.loc[SESSION] = sign * 0.05 * np.arange(1, 6)
    body = f"""
    measure: {measure}
    symbols: [A, B, C, D, E]
    field: {FIELD}
    window: [0, 0]
    expected: +1
    """
    row = one(tmp_path, returns, claim_text(body))
    assert row["value"] == pytest.approx(sign * value, abs=0.0002)
    assert row["verdict"] == ("supported" if sign > 0 else "contradicted")


def test_three_symbols_show_no_order(tmp_path: Path) -> None:
    """Of 3! = 6 orders the most extreme have p = 2/6; the numbers are shown."""
    returns = noise("ABC", 0.002)
    returns.loc[SESSION] = [0.05, 0.10, 0.15]
    body = """
    measure: {}
    symbols: [A, B, C]
    field: {{A: 1, B: 2, C: 3}}
    window: [0, 0]
    expected: +1
    """
    for measure in ("rank_correlation", "slope"):
        row = one(tmp_path, returns, claim_text(body.format(measure)))
        assert row["verdict"] == "not testable"
        assert "0.333" in row["detail"]
        assert row["value"] > 0
        assert np.isnan(row["pvalue"])
    order = one(tmp_path, returns, claim_text(body.format("rank_correlation")))
    assert "C: field 3.00, moved +15.0\u2009%; B: field 2.00" in order["detail"]


@pytest.mark.parametrize(
    ("size", "expected", "verdict"),
    [
        (0.005, "usual", "supported"),
        (0.005, "unusual", "contradicted"),
        (0.10, "usual", "contradicted"),
        (0.10, "unusual", "supported"),
    ],
)
def test_how_rare(tmp_path: Path, size: float, expected: str, verdict: str) -> None:
    """Every session moves 1 %: all as much as 0.5 %, none as much as 10 %.

    None of n: Clopper and Pearson's upper end is 1 - .025^(1/n); both references have
    at least 200 sessions, which puts it below .02.
    """
    body = f"""
    measure: placebo_rank
    symbols: [A]
    window: [0, 0]
    expected: {expected}
    bound: 0.05
    """
    row = one(tmp_path, moved(size), claim_text(body))
    assert row["verdict"] == verdict
    assert row["value"] == (1 if size < 0.01 else 0)
    if size > 0.01:
        assert row["ci_high"] < 1 - 0.025 ** (1 / 200)


@pytest.mark.parametrize(("limit", "share"), [(1, 1.0), (0, 0.5)])
def test_how_rare_among_sessions_on_which_another_moved(
    tmp_path: Path, limit: float, share: float
) -> None:
    """Every other session B moves 5 % and A 3 %; on the others both move 1 %.

    B's errors are sqrt((25 + 1)/2) = 3.6 %: it stands at 1.4 and at .3 of them. A's
    2 % is less than all of its moves beside the large ones of B, and more than the
    others, which are half of all sessions.
    """
    returns = turns()
    at = np.arange(len(returns))
    sign = np.where(at // 2 % 2, 1, -1)
    returns["A"] = sign * np.where(at % 2, 0.01, 0.03)
    returns["B"] = sign * np.where(at % 2, 0.01, 0.05)
    returns.loc[SESSION] = [0.02, -0.05]
    body = f"""
    measure: placebo_rank
    symbols: [A]
    window: [0, 0]
    expected: usual
    bound: 0.3
    among: {{symbol: B, sar_above: {limit}}}
    """
    row = one(tmp_path, returns, claim_text(body))
    assert row["value"] == pytest.approx(share, abs=0.01)
    assert row["verdict"] == "supported"
    assert "B itself stood at \u22121.4 standard errors" in row["detail"]


@pytest.mark.parametrize(
    ("reported", "tolerance", "verdict"),
    [(0.101, 0.001, "supported"), (0.102, 0.001, "contradicted")],
)
def test_a_figure_against_the_tape(
    tmp_path: Path, reported: float, tolerance: float, verdict: str
) -> None:
    """10 % measured: a tenth of a point away is allowed, two are not."""
    text = claim_text(
        REPORTED.format("A", "[0, 0]", reported, tolerance), said_at="2026-08-01"
    )
    row = one(tmp_path, moved(0.10), text)
    assert row["verdict"] == verdict
    assert np.isnan(row["pvalue"])


def test_a_figure_over_several_sessions_compounds(tmp_path: Path) -> None:
    """1.10 x 1.01 or x .99 - 1, as the turns have it."""
    returns = moved(0.10)
    after = returns["A"].iloc[returns.index.get_loc(SESSION) + 1]
    text = claim_text(REPORTED.format("A", "[0, 1]", 0.1, 0.5))
    row = one(tmp_path, returns, text)
    assert row["value"] == pytest.approx(1.10 * (1 + after) - 1)


def test_what_stands_in_refutes_no_figure(tmp_path: Path) -> None:
    """SOX cannot be traded; SOXX moved 10 %, and 20 % were reported of SOX."""
    returns = moved(0.10).rename(columns={"A": "SOXX"})
    row = one(
        tmp_path, returns, claim_text(REPORTED.format("SOX", "[0, 0]", 0.2, 0.01))
    )
    assert row["verdict"] == "undecided"
    assert "SOXX stands for SOX" in row["detail"]
