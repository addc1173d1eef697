"""The tests by the names that a reader sees, and what each may be quoted for."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from aftershock.tables import words

NAMES = {
    "joint_ranked": "All symbols together, ranked",
    "joint_ranked_ewma": "… scaled by volatility",
    "joint": "All symbols together, F",
    "max_sar": "The largest move, ranked",
    "max_sar_ewma": "… scaled by volatility",
    "contrast": "Winners minus losers, t",
    "contrast_ewma": "… scaled by volatility, ranked",
    "contrast_search": "Largest contrast of any signs",
    "contrast_search_ewma": "… scaled by volatility",
    "placebo": "Mean move against placebo sessions",
    "placebo_contrast": "Contrast against placebo sessions",
    "cross_sectional": "Mean over pairs, t",
    "adjusted_bmp": "Mean, adjusted for correlation",
    "bmp": "Mean, standardised",
    "bmp_normal": "Mean, standardised, normal",
    "clustered": "Mean, clustered by session",
    "sign_flip": "Mean, signs flipped by session",
    "ewma_quantile": "One pair, scaled by volatility",
    "sample_quantile": "One pair, ranked",
    "jackknife": "Mean, clusters left out in turn",
    "block_bootstrap": "Mean, blocks of residuals",
    "calendar_time": "Portfolio in calendar time",
    "patell": "Mean, standardised (Patell)",
    "adjusted_patell": "Patell, adjusted for correlation",
    "crude_dependence": "Mean over its own past spread",
    "skewness": "Mean, adjusted for skewness",
    "corrado_rank": "Ranks (Corrado)",
    "corrado_zivney_sign": "Signs about the median",
    "sign": "Share of rises",
    "generalized_sign": "Share of rises against usual",
    "wilcoxon": "Signed ranks",
    "grank_t": "Generalised ranks, t",
    "grank_z": "Generalised ranks, z",
    "volatility": "Size of moves, either way",
    "volatility_f": "Size of moves, F",
    "difference": "Difference of means",
    "volume": "Trading volume",
}
ORDER = {name: i for i, name in enumerate(NAMES)}
MEANS = ("placebo", "block_bootstrap")
"""Of several sessions no test of their mean is scaled by volatility instead."""
CARS = "each pair’s p is in tables/cars.csv, pvalue_quantile and pvalue_ewma"
"""Where the run's folder has what a test of one pair says of each of many."""


def full_name(test: str) -> str:
    """Name a test that stands alone: where the name leans on the one above it, both."""
    name = NAMES.get(test, test.replace("_", " "))
    return f"{NAMES[test.removesuffix('_ewma')]} {name}" if name[0] == "…" else name


def label(row: pd.Series[Any]) -> str:
    """Name a test, with its group where there are several."""
    name = NAMES.get(str(row["test"]), str(row["test"]).replace("_", " "))
    return name if row["group"] in ("all", "") else f"{row['group']}: {name}"


def remark(row: pd.Series[Any]) -> str:
    """Say whether a test may be quoted, why not, and what its null is."""
    why, warning = (plainly(words(row[name])) for name in ("reason", "warning"))
    if row["test"] in MEANS and float(row["n_sessions"]) > 1:
        warning = warning.replace("see the tests", "no test of this mean is")
    mover = f" ({row['mover']})" if row.get("mover") else ""
    said = f"yes{mover}" if row["valid"] else "no"
    if row["valid"] and warning.startswith("exploratory"):
        said = ""  # the warning itself is the answer
    null = f"null: {words(row['null'])}" if row["valid"] else ""
    return "; ".join(filter(None, [f"{said}: {why}" if why else said, warning, null]))


def plainly(code: str) -> str:
    """Return a code as words, what it points to by the name that a reader can find."""
    for test in set(re.findall(r"see (\w+)", code)) & set(NAMES):
        code = re.sub(rf"see {test}\b", f"see “{NAMES[test]}”", code)
    return code.replace("_", " ").replace("see the table cars", CARS)
