"""A run, and a study, in one screen of plain text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import pandas as pd

from aftershock.tables.findings import family_pvalue, finding, reactions
from aftershock.tables.numbers import (
    MINUS,
    number,
    percent,
    probability,
    records,
    words,
)


def window_name(start: int, end: int) -> str:
    """Return a window as ``[−1, +1]``."""
    return f"[{start:+d}, {end:+d}]".replace("-", MINUS).replace("+0", "0")


def verdict_sentence(
    manifest: Mapping[str, Any], references: float | None = None
) -> str:
    """Return which test leads, what it found, and the verdict, in one sentence."""
    headline = manifest["headline"]
    name = str(headline.get("test") or "no test").replace("_", " ")
    verdict = str(headline.get("verdict") or "not_tested").replace("_", " ")
    if not headline.get("valid"):
        why = words(headline.get("reason")).replace("_", " ") or "it was not computed"
        return f"The leading test, {name}, may not be quoted: {why}."
    p = probability(headline.get("pvalue"), references)
    sign = " " if p[:1] in "≤<" else " = "
    return (
        f"The leading test, {name}, gives p{sign}{p} (the larger of plain and "
        f"volatility-scaled, where both exist): {verdict}."
    )


def summary_rows(
    manifest: Mapping[str, Any], tables: Mapping[str, pd.DataFrame], most: int = 6
) -> list[list[str]]:
    """Return the six-line table of the focus event, its header first."""
    start, end = manifest["study"]["headline_window"]
    rows = reactions(tables, manifest.get("focus") or "", start, end)
    chosen = rows.loc[rows["car"].abs().sort_values(ascending=False).index[:most]]
    head = ["symbol", "raw", "gap", "open to close", "abnormal", "p, family"]
    return [head] + [
        [
            str(row.symbol),
            *(percent(v) for v in (row.ret, row.gap, row.open_to_close, row.car)),
            probability(row.p, row.m),
        ]
        for row in records(chosen)
    ]


def text_table(rows: Sequence[Sequence[str]]) -> str:
    """Return rows as text: the first column to the left, the others to the right."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = (
        "  ".join(
            cell.rjust(width) if i else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )
    return "\n".join(lines)


def run_summary(manifest: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]) -> str:
    """Return the run in one screen: the finding, its test, the six-line table."""
    said = [finding(manifest, tables), verdict_sentence(manifest)]
    rows = summary_rows(manifest, tables)
    if len(rows) > 1:
        said += ["", text_table(rows)]
    if words(manifest.get("simulated")):
        said += ["", words(manifest["simulated"])]
    return "\n".join(said)


def study_summary(
    tables: Mapping[str, pd.DataFrame], settings: Mapping[str, Any]
) -> str:
    """Return a study in words and numbers, every test with its null hypothesis."""
    design = ", ".join(f"{key} {value}" for key, value in settings.items())
    pairs = tables["pairs"]
    used = int(pairs["status"].isin(["ok", "flagged"]).sum())
    head = f"Event study: {used} pairs used, {len(tables['dropped'])} dropped"
    parts = [head, design, "", text_table(_car_rows(tables["cars"]))]
    parts += ["", text_table(_test_rows(tables["tests"]))]
    parts.append("p-values of tests marked 'no' do not hold for this design.")
    return "\n".join(parts)


def study_html(tables: Mapping[str, pd.DataFrame], settings: Mapping[str, Any]) -> str:
    """Return the same as HTML, for notebooks."""
    return f"<pre>{escape(study_summary(tables, settings))}</pre>"


def _car_rows(cars: pd.DataFrame) -> list[list[str]]:
    """Return the cumulative abnormal returns of every pair and window."""
    head = ["event", "symbol", "window", "CAR", "95 % low", "high", "p", "p, family"]
    shown = cars.assign(family=family_pvalue(cars)) if len(cars) else cars
    return [head] + [
        [
            str(row.event_id),
            str(row.symbol),
            window_name(row.start, row.end),
            *(percent(v) for v in (row.car, row.ci_low, row.ci_high)),
            probability(row.pvalue),
            probability(row.family),
        ]
        for row in records(shown)
    ]


def _test_rows(tests: pd.DataFrame) -> list[list[str]]:
    """Return every test with its condition and its null hypothesis."""
    head = ["test", "window", "statistic", "p", "n", "valid", "null hypothesis"]
    return [head] + [
        [
            str(row.test),
            window_name(row.start, row.end),
            number(row.statistic, 2, signed=True),
            probability(row.pvalue),
            number(row.n, 0),
            "yes" if row.valid else "no",
            words(row.null) if row.valid else words(row.reason),
        ]
        for row in records(tests)
    ]
