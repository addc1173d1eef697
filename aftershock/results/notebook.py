"""Results as a notebook shows them: small tables, every text in them escaped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd

from aftershock.tables import (
    finding,
    number,
    percent,
    summary_rows,
    traded_rows,
    verdict_counts,
    verdict_sentence,
    words,
)

TRADES = 12
"""Trades that a notebook lists; the table `trades` has all."""


def run_html(
    manifest: Mapping[str, Any],
    tables: Mapping[str, pd.DataFrame],
    folder: Path | None,
) -> str:
    """Return a run: its finding and verdict, what moved, what was earned."""
    parts = [
        f"<p><b>{escape(words(manifest.get('title')))}</b></p>",
        _paragraph(finding(manifest, tables)),
        _paragraph(verdict_sentence(manifest)),
        _with_rows(summary_rows(manifest, tables)),
        _with_rows(traded_rows(tables.get("ladder"))),
    ]
    claims = tables.get("claims")
    if claims is not None and len(claims):
        parts.append(_paragraph(f"Claims: {verdict_counts(claims)}"))
    parts.append(_paragraph(words(manifest.get("simulated"))))
    if folder:
        parts.append(f"<p><code>{escape(str(folder))}</code></p>")
    return "".join(parts)


def backtest_html(
    tables: Mapping[str, pd.DataFrame], warnings: Sequence[str], simulated: str
) -> str:
    """Return a backtest: what each account earned, and its first trades."""
    trades = tables["trades"]
    left = len(trades) - TRADES
    more = f"and {left} more in the table trades" if left > 0 else ""
    return (
        _with_rows(_account_rows(tables["metrics"]))
        + _with_rows(_trade_rows(trades))
        + _paragraph(more)
        + (html_list("Warnings", warnings) if warnings else "")
        + _paragraph(simulated)
    )


def _account_rows(metrics: pd.DataFrame) -> list[list[str]]:
    """Return a header and one row for each account, the benchmark last."""
    head = ["strategy", "trades", "after costs", "Sharpe", "largest fall"]
    by_name = {
        str(name): rows.set_index("metric")["value"]
        for name, rows in metrics.groupby("strategy", sort=False)
    }
    return [head] + [
        [
            name,
            number(values.get("n_trades"), 0),
            percent(values.get("total_return")),
            number(values.get("sharpe"), signed=True),
            percent(values.get("max_drawdown")),
        ]
        for name, values in by_name.items()
    ]


def _trade_rows(trades: pd.DataFrame) -> list[list[str]]:
    head = ["strategy", "event", "symbol", "side", "entry", "exit", "why", "return"]
    return [head] + [
        [
            *(str(row[key]) for key in ("strategy", "event_id", "symbol", "side")),
            _day(row["entry_session"]),
            _day(row["exit_session"]),
            words(row["exit_reason"]).replace("_", " "),
            percent(row["ret"]),
        ]
        for row in trades.head(TRADES).to_dict("records")
    ]


def _day(value: Any) -> str:
    """Return a session as ISO date; a refused plan has none."""
    return "–" if pd.isna(value) else f"{pd.Timestamp(value):%Y-%m-%d}"


def _paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>" if text else ""


def _with_rows(rows: list[list[str]]) -> str:
    """Return a table, or nothing where there is only a header."""
    return html_table(rows) if len(rows) > 1 else ""


def html_table(rows: list[list[str]], grey: Sequence[bool] = ()) -> str:
    """Return rows, the first a header, as an HTML table with every cell escaped."""
    head = "".join(f"<th>{escape(cell)}</th>" for cell in rows[0])
    shades = [*grey, *[False] * (len(rows) - 1 - len(grey))]
    body = "".join(
        ("<tr style='color:#888'>" if shade else "<tr>")
        + "".join(f"<td>{escape(cell)}</td>" for cell in row)
        + "</tr>"
        for row, shade in zip(rows[1:], shades, strict=True)
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def html_list(head: str, items: Sequence[str]) -> str:
    """Return a headed list, every item escaped."""
    listed = "".join(f"<li>{escape(item)}</li>" for item in items)
    return f"<p><b>{escape(head)}</b></p><ul>{listed}</ul>"
