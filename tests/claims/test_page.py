"""The page of claims: its title, its order, where a claim expects its value."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from pypdf import PdfReader

from aftershock import report
from aftershock.pages.claims import (
    common_reach,
    expected_span,
    rivals_together,
    title_of,
)
from tests.report_fixture import write_run


def table(*rows: tuple[str, str, str]) -> pd.DataFrame:
    """Return claims by measure, verdict and rival, named a, b, c, ..."""
    frame = pd.DataFrame(rows, columns=["measure", "verdict", "rival"])
    return frame.assign(claim_id=list("abcdef")[: len(rows)])


@pytest.mark.parametrize(
    ("verdicts", "title"),
    [
        (("undecided", "not testable"), "Undecided: of 2 claims none is supported"),
        (
            ("supported", "undecided"),
            "Of 2 claims, 1 is supported; 1 cannot be decided",
        ),
        (
            ("supported", "contradicted", "contradicted"),
            "Of 3 claims, 1 is supported and 2 are contradicted",
        ),
    ],
)
def test_the_title_counts_predictions_alone(
    verdicts: tuple[str, ...], title: str
) -> None:
    """A figure that agrees with the tape is no prediction that came true."""
    rows = [("ar", verdict, "") for verdict in verdicts]
    claims = table(*rows, ("reported_move", "supported", ""))
    assert title_of(claims).startswith(title)
    figures = table(
        ("reported_move", "supported", ""), ("reported_move", "undecided", "")
    )
    assert title_of(figures) == "1 of 2 reported figures agree with the tape"


def test_rivals_stand_together_and_figures_last() -> None:
    """b and e and f are one family: e's rival is b, and f's is e."""
    claims = table(
        ("reported_move", "supported", ""),
        ("reversal", "undecided", "e"),
        ("ar", "undecided", ""),
        ("ar", "undecided", ""),
        ("car", "undecided", "b"),
        ("car", "undecided", "e"),
    )
    assert rivals_together(claims)["claim_id"].tolist() == list("befcda")


@pytest.mark.parametrize(
    ("expected", "span"),
    [
        ("above 0", (0, np.inf)),
        ("below 0", (-np.inf, 0)),
        ("about 0", (-0.02, 0.02)),
        ("about 0 or below", (-np.inf, 0.02)),
        ("about 0 or above", (-0.02, np.inf)),
        ("no rarer than the bound", (0.02, np.inf)),
        ("rarer than the bound", (0, 0.02)),
        ("as reported", (0.06, 0.10)),
    ],
)
def test_where_a_claim_expects_its_value(
    expected: str, span: tuple[float, float]
) -> None:
    row = SimpleNamespace(expected=expected, bound=0.02, reported=0.08)
    assert expected_span(row) == pytest.approx(span)


def test_moves_share_one_axis() -> None:
    """The largest end of an interval, and 6 % of room; a share of 1 is no move."""
    claims = pd.DataFrame(
        {
            "measure": ["ar", "car", "placebo_rank"],
            "value": [0.1, np.nan, 1.0],
            "ci_low": [-0.3, np.nan, 0.9],
            "ci_high": [0.2, np.nan, 1.0],
        }
    )
    assert common_reach(claims) == pytest.approx(1.06 * 0.3)
    assert common_reach(claims.iloc[1:2]) == 0.1


def test_every_claim_is_on_a_sheet(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "run", claims=30, trades=0)
    report.draw(folder, ("pdf",), pages=["claims"])
    pages = [page.extract_text() for page in PdfReader(folder / "report.pdf").pages]
    assert len(pages) >= 3
    assert "".join(pages).count("Something will happen") == 30
    assert all("What people said".upper() in text for text in pages)


def test_no_claims_no_page(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "run")
    files = report.draw(folder, ("svg",), pages=["claims", "trades"])
    assert {path.stem for path in files} == {"trades"}
