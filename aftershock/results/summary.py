"""A study in words: what was asked, what was found, and what may be said."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import pandas as pd

from aftershock.tables import number, percent, probability, text_table

Tables = Mapping[str, pd.DataFrame]
ALTERNATIVE = "it is not (two-sided)"


def study_summary(tables: Tables, settings: Mapping[str, Any]) -> str:
    """Return the study as text: design, pairs, tests with null and alternative."""
    pairs, tests = tables["pairs"], tables["tests"]
    kept = int((pairs["status"] != "dropped").sum())
    lines = [
        f"Event study: {kept} of {len(pairs)} event-symbol pairs, "
        f"{tables['cars']['event_session'].nunique()} session(s)",
        f"Expected return: {settings['formula']} ({settings['model']}), "
        f"estimated over sessions {settings['estimation']}",
        "",
        text_table(_pair_rows(tables["cars"])),
        "",
        text_table(_test_rows(tests)),
        "",
        "Null hypotheses; the alternative of each: " + ALTERNATIVE,
        *[f"  {name}: {null}" for name, null in _nulls(tests).items()],
    ]
    dropped = tables["dropped"]
    lines += [
        f"Dropped: {r.event_id} {r.symbol}: {r.reason}" for r in dropped.itertuples()
    ]
    return "\n".join(lines)


def study_html(tables: Tables, settings: Mapping[str, Any]) -> str:
    """Return the summary for a notebook."""
    head = escape(f"{settings['formula']}; estimation {settings['estimation']}")
    blocks = [_html(_pair_rows(tables["cars"])), _html(_test_rows(tables["tests"]))]
    return f"<p><b>Event study</b> {head}</p>" + "".join(blocks)


def _pair_rows(cars: pd.DataFrame, most: int = 20) -> list[list[str]]:
    """Return a header and one row for each pair and window, the first `most`."""
    rows = [
        ["event", "symbol", "window", "CAR", "95 % interval", "t", "p", "p, scaled"]
    ]
    rows += [
        [
            str(r["event_id"]),
            str(r["symbol"]),
            f"[{r['start']}, {r['end']}]",
            percent(r["car"]),
            f"{percent(r['ci_low'])} .. {percent(r['ci_high'])}",
            number(r["scar"], signed=True),
            probability(r["pvalue"]),
            probability(r["pvalue_ewma"]),
        ]
        for r in cars.head(most).to_dict("records")
    ]
    left = len(cars) - most
    return rows if left <= 0 else [*rows, [f"and {left} more", *[""] * 7]]


def _test_rows(tests: pd.DataFrame) -> list[list[str]]:
    """Return a header and one row for each test; invalid ones say why."""
    rows = [["group", "window", "test", "statistic", "p", "n", "valid"]]
    rows += [
        [
            str(r["group"]),
            f"[{r['start']}, {r['end']}]",
            str(r["test"]),
            number(r["statistic"], signed=True),
            probability(r["pvalue"]),
            str(r["n"]),
            "yes" if r["valid"] else f"no: {r['reason']}",
        ]
        for r in tests.to_dict("records")
    ]
    return rows


def _nulls(tests: pd.DataFrame) -> dict[str, str]:
    """Return the null hypothesis of each test, in words."""
    return dict(zip(tests["test"], tests["null"], strict=True))


def _html(rows: list[list[str]]) -> str:
    """Return rows as an HTML table, every cell escaped."""
    head = "".join(f"<th>{escape(cell)}</th>" for cell in rows[0])
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>"
        for row in rows[1:]
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
