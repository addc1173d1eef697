"""Each verdict forced on panels whose numbers are known beforehand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from tests.claims.world import (
    ABOUT,
    ERROR,
    NO_ORDERS,
    REPORTED,
    REVERSAL,
    RISES,
    SESSION,
    claim_text,
    evidence_of,
    moved,
    one,
    reverting,
    turns,
    verdicts,
)

FALLS = RISES.replace("+1", "-1")
POWER = stats.norm.ppf(0.975) + stats.norm.ppf(0.8)


@pytest.mark.parametrize(
    ("size", "body", "verdict"),
    [
        (0.10, RISES, "supported"),
        (-0.10, RISES, "contradicted"),
        (0.10, FALLS, "contradicted"),
        (-0.10, FALLS, "supported"),
        (0.005, RISES, "undecided"),
    ],
)
def test_a_sign(tmp_path: Path, size: float, body: str, verdict: str) -> None:
    """Ten standard errors decide, half of one does not.

    The twin: no scaled sum of the 210 that follow the burn-in is as far out, so that
    p = 2/211, more than the t's. Half an error lies between the +1 and the -1: p = 1.
    """
    row = one(tmp_path, moved(size), claim_text(body))
    assert row["verdict"] == verdict
    assert row["value"] == pytest.approx(size)
    assert row["pvalue"] == pytest.approx(2 / 211 if abs(size) > 0.01 else 1)
    half = stats.t.ppf(0.975, 239) * ERROR
    assert row["ci_low"] == pytest.approx(size - half)
    assert row["ci_high"] == pytest.approx(size + half)


def test_what_could_have_been_found(tmp_path: Path) -> None:
    """(z.975 + z.8) standard errors: 2.8 %."""
    row = one(tmp_path, moved(0.005), claim_text(RISES))
    assert row["mde"] == pytest.approx(POWER * ERROR)
    assert "2.8\u2009% would have been found four times in five" in row["detail"]


@pytest.mark.parametrize(
    ("said_at", "size", "verdict"),
    [
        ("2026-07-01T09:29:59-04:00", 0.10, "supported"),
        ("2026-07-01T09:30:00-04:00", 0.10, "supported"),
        ("2026-07-01T09:30:01-04:00", 0.10, "undecided"),
        ("2026-07-01", 0.10, "undecided"),
        ("2026-07-02T07:00:00-04:00", 0.10, "undecided"),
        ("2026-07-02T07:00:00-04:00", -0.10, "contradicted"),
    ],
)
def test_what_opens_before_it_was_said_cannot_support(
    tmp_path: Path, said_at: str, size: float, verdict: str
) -> None:
    """The first session opens at 9:30; a bare date was said by its end."""
    row = one(tmp_path, moved(size), claim_text(RISES, said_at=said_at))
    assert row["verdict"] == verdict
    assert row["detail"].startswith("describes") == (verdict == "undecided")


def test_a_window_that_is_not_over_says_when(tmp_path: Path) -> None:
    """Twenty sessions after 1 July, the holiday of the 3rd left out: 30 July.

    Prices end fifteen after, on 23 July: 2, 6-10, 13-17, 20-23 July.
    """
    body = "measure: car\nsymbols: [A]\nwindow: [1, 20]\nexpected: +1"
    row = one(tmp_path, turns(), claim_text(body))
    assert (row["verdict"], row["testable_from"]) == ("not testable", "2026-07-30")
    assert "2026-07-30" in row["detail"]
    assert "2026-07-23" in row["detail"]
    assert np.isnan(row["value"])
    assert np.isnan(row["pvalue"])


@pytest.mark.parametrize(
    ("size", "expected", "bound", "verdict"),
    [
        (0.001, "0", 0.02, "supported"),
        (0.001, "0", 0.01, "undecided"),
        (0.10, "0", 0.02, "contradicted"),
        (-0.10, "0", 0.02, "contradicted"),
        (-0.10, "0 or below", 0.02, "supported"),
        (0.10, "0 or below", 0.02, "contradicted"),
        (0.10, "0 or above", 0.02, "supported"),
        (-0.10, "0 or above", 0.02, "contradicted"),
    ],
)
def test_about_nothing(
    tmp_path: Path, size: float, expected: str, bound: float, verdict: str
) -> None:
    """Two one-sided t tests with 239 degrees: (.001 - .02)/.010042 = -1.89, p .030;
    against .01 it is -0.90, p .19."""
    text = claim_text(ABOUT.format(expected, bound))
    row = one(tmp_path, moved(size), text)
    assert row["verdict"] == verdict
    over = stats.t.cdf((size - bound) / ERROR, 239)
    under = stats.t.sf((size + bound) / ERROR, 239)
    wanted = {"0": max(over, under), "0 or below": over, "0 or above": under}[expected]
    assert row["pvalue"] == pytest.approx(wanted)
    # each side alone takes a power of .8, both together one of .9 each
    power = stats.norm.ppf(0.9 if expected == "0" else 0.8)
    assert row["mde"] == pytest.approx((stats.norm.ppf(0.95) + power) * ERROR)


def test_what_a_claim_is_about_and_its_limit_stand_in_the_table(
    tmp_path: Path,
) -> None:
    figure = REPORTED.format("A", "[0, 0]", 0.1, 0.004)
    table = verdicts(
        tmp_path,
        evidence_of(tmp_path, moved(0.10)),
        claim_text(RISES, "sign"),
        claim_text(ABOUT.format("0", 0.02), "nothing", about="tags: [earnings]"),
        claim_text(figure, "figure"),
    )
    about = {"sign": "news", "nothing": "tags: earnings", "figure": "news"}
    assert table["event_id"].to_dict() == about
    assert np.isnan(table.loc["sign", "bound"])
    assert table.loc[["nothing", "figure"], "bound"].tolist() == [0.02, 0.004]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (RISES.replace("[A]", "[ZZZ]"), "no prices of ZZZ"),
        (RISES.replace("[A]", "[SOX]"), "no prices of SOXX, which stands for SOX"),
        (RISES.replace("symbols: [A]", "role: target"), "no target is named"),
        (RISES.replace("[0, 0]", "[-20, -20]"), "begins inside the estimation"),
    ],
)
def test_what_is_missing_is_named(tmp_path: Path, body: str, said: str) -> None:
    row = one(tmp_path, turns(), claim_text(body))
    assert row["verdict"] == "not testable"
    assert said in row["detail"]


def test_what_is_left_out_is_named(tmp_path: Path) -> None:
    """B has no prices, so that A alone answers."""
    body = RISES.replace("symbols: [A]", "symbols: [A, B]").replace("ar", "mean_ar", 1)
    row = one(tmp_path, moved(0.10)[["A"]], claim_text(body))
    assert row["verdict"] == "supported"
    assert "without B (no prices)" in row["detail"]


MIRROR = {"supported": "contradicted", "contradicted": "supported"}


def test_flipped_returns_flip_every_verdict_on_a_sign(tmp_path: Path) -> None:
    """Abnormal returns with their sign turned: 2 x mean - return, from the news on.

    The estimation stays, so that every p stays too. What is about 0, or rare, has no
    sign, and keeps its verdict.
    """
    returns = reverting(-0.5, 0.05)
    mean = returns.iloc[50:231].mean()  # offsets -250 .. -70
    turned = returns.copy()
    turned.loc[SESSION:] = 2 * mean - returns.loc[SESSION:]
    bodies = {
        "fall": FALLS,
        "rise": RISES,
        "back": NO_ORDERS,
        "profits": REVERSAL,
        "figure": REPORTED.format("A", "[0, 0]", -0.02, 0.001),
        "order": "measure: slope\nsymbols: [A, B, C, D, E]\nrunup: 60\n"
        "window: [0, 0]\nexpected: -1",
        "nothing": ABOUT.format("0", 0.01),
    }
    texts = [claim_text(body, id) for id, body in bodies.items()]
    found, flipped = (
        verdicts(tmp_path, evidence_of(tmp_path, r, estimation=(-250, -70)), *texts)
        for r in (returns, turned)
    )
    assert set(found["verdict"]) == {"supported", "contradicted"}
    for name, verdict in found["verdict"].items():
        wanted = verdict if name == "nothing" else MIRROR[verdict]
        assert flipped.loc[name, "verdict"] == wanted, name
    signs = found.index.drop("nothing")
    assert flipped.loc[signs, "pvalue"].to_numpy() == pytest.approx(
        found.loc[signs, "pvalue"].to_numpy(), nan_ok=True
    )
