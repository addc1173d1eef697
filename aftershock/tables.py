"""Frames to words: numbers as a reader wants them, the finding, the run in one screen.

Percent appear here and in what is drawn, nowhere else. Nothing is computed that a
test needs: only arranging, wording and rounding.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

THIN, MINUS, NONE = "\u2009", "\u2212", "–"
ALPHA = 0.05

ROLE_NAMES: dict[str, str] = {
    "actor": "Actor",
    "subject": "Subject",
    "supplier-competitor": "Suppliers that now face a rival",
    "competitor": "Competitors",
    "upstream-supplier": "Upstream suppliers",
    "supplier": "Suppliers",
    "customer": "Customers",
    "peer": "Peers",
    "investor": "Investors",
    "investee": "Investees",
    "acquirer": "Acquirer",
    "target": "Target",
    "rated": "Rated",
    "index-member": "Index members",
    "sector-fund": "Sector funds",
    "market": "Market",
}
"""Roles in the order in which pages show them, in words."""

BEYOND = {
    "mean": "beyond {its} mean",
    "market_adjusted": "beyond the market",
    "sector": "beyond {its} sector",
}


def is_missing(value: object) -> bool:
    """Return whether a table's cell is empty."""
    return value is None or value == "" or bool(pd.isna(value))  # type: ignore[call-overload]


def words(value: object) -> str:
    """Return a cell as text, an empty one as nothing."""
    return "" if is_missing(value) else str(value)


def number(value: float | None, digits: int = 2, *, signed: bool = False) -> str:
    """Return a number with a true minus sign; a missing one as a dash."""
    if value is None or not math.isfinite(value):
        return NONE
    text = f"{value:+,.{digits}f}" if signed else f"{value:,.{digits}f}"
    if float(text.replace(",", "")) == 0:
        text = text.lstrip("+-")
    return text.replace("-", MINUS)


def percent(value: float | None, digits: int = 1, *, signed: bool = True) -> str:
    """Return a fraction as percent with a thin space: ``+8.8 %``."""
    if value is None or not math.isfinite(value):
        return NONE
    return f"{number(100 * value, digits, signed=signed)}{THIN}%"


def at_floor(pvalue: float, references: float | None) -> bool:
    """Return whether a ranked p-value is the smallest that its reference allows.

    A rank p is (1 + k) / (B + 1) with B at most `references`. It is at its floor
    (k = 0) when 1 / p is a whole number that only k = 0 can give.
    """
    if not references or not math.isfinite(references) or not pvalue > 0:
        return False
    whole = round(1 / pvalue)
    return abs(1 / pvalue - whole) < 1e-6 * whole and 2 * whole - 1 > references


def probability(pvalue: float | None, references: float | None = None) -> str:
    """Return a p-value to three places, as a bound where it is at its floor."""
    if pvalue is None or not math.isfinite(pvalue):
        return NONE
    if at_floor(pvalue, references):
        return f"≤{THIN}{math.ceil(pvalue * 1000 - 1e-9) / 1000:.3f}"
    return f"<{THIN}0.001" if pvalue < 0.001 else f"{pvalue:.3f}"


def day(value: object, *, weekday: bool = False) -> str:
    """Return a session or moment as ``1 July 2026``."""
    if is_missing(value):
        return NONE
    moment = pd.Timestamp(str(value))
    name = f"{moment.day_name()} " if weekday else ""
    return f"{name}{moment.day} {moment.month_name()} {moment.year}"


def clock(value: object) -> str:
    """Return the time of an aware moment as ``09:29``."""
    return pd.Timestamp(str(value)).strftime("%H:%M")


def listed(names: Sequence[str], most: int = 3) -> str:
    """Return ``A, B and C``, or ``A, B, C and 4 more``."""
    shown = list(names[:most])
    if len(names) > most:
        return f"{', '.join(shown)} and {len(names) - most} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if shown[1:] else shown)


def role_name(role: str) -> str:
    """Return a role in words."""
    return ROLE_NAMES.get(role, role.replace("-", " ").capitalize())


def role_order(roles: Sequence[str]) -> list[str]:
    """Return distinct roles: ours in our order, others before the funds, by name."""
    rank = {role: i for i, role in enumerate(ROLE_NAMES)}
    middle = rank["index-member"] - 0.5
    return sorted(set(roles), key=lambda role: (rank.get(role, middle), role))


def family_pvalue(cars: pd.DataFrame) -> pd.Series[float]:
    """Return the family p that counts: the larger of the plain and the scaled one."""
    both = cars[["pvalue_family", "pvalue_family_ewma"]].astype(float)
    return both.max(axis=1, skipna=False)


def reactions(
    tables: Mapping[str, pd.DataFrame], event_id: str, start: int, end: int
) -> pd.DataFrame:
    """Return what each symbol of one event did in a window, one row per pair.

    Columns
    -------
    symbol, role, expected, session, status, m, flags
        from the table `pairs`;
    car, ci_low, ci_high, scar, p
        from `cars`, `p` the larger family p (NaN where none is defined);
    ret, gap, open_to_close
        from `abnormal_returns` at the event session.
    """
    pairs = _of(tables["pairs"], event_id)
    pairs = pairs[pairs["status"].isin(["ok", "flagged"])]
    cars = _of(tables["cars"], event_id)
    cars = cars[(cars["start"] == start) & (cars["end"] == end)]
    cars = cars.assign(p=family_pvalue(cars))
    days = _of(tables["abnormal_returns"], event_id)
    days = days[days["offset"] == 0]
    keep = ["symbol", "role", "expected", "session", "status", "m", "flags"]
    found = pairs[keep].merge(
        cars[["symbol", "event_session", "car", "ci_low", "ci_high", "scar", "p"]],
        left_on=["symbol", "session"],
        right_on=["symbol", "event_session"],
        how="inner",
    )
    moves = days[["symbol", "event_session", "ret", "gap", "open_to_close"]]
    found = found.merge(moves, on=["symbol", "event_session"], how="left")
    rank = {role: i for i, role in enumerate(role_order(list(found["role"])))}
    order = found.assign(_role=found["role"].map(rank), _size=-found["car"].abs())
    order = order.sort_values(["_role", "_size", "symbol"], kind="stable")
    return order.drop(columns=["_role", "_size"]).reset_index(drop=True)


def _of(frame: pd.DataFrame, event_id: str) -> pd.DataFrame:
    """Return the rows of one event."""
    return frame[frame["event_id"] == event_id]


def family_is_valid(tests: pd.DataFrame, start: int, end: int) -> bool:
    """Return whether the family-wise test of the window may be quoted."""
    rows = tests[(tests["start"] == start) & (tests["end"] == end)]
    rows = rows[rows["test"].isin(["max_sar", "max_sar_ewma"])]
    return len(rows) > 0 and bool(rows["valid"].astype(bool).all())


def moved(rows: pd.DataFrame, *, valid: bool) -> pd.DataFrame:
    """Return the pairs that ordinary sessions cannot explain, largest first."""
    if not valid:
        return rows.iloc[:0]
    chosen = rows[(rows["p"] < ALPHA) & (rows["expected"].astype(float) != 0)]
    return chosen.loc[chosen["car"].abs().sort_values(ascending=False).index]


def beyond(model: str, many: bool) -> str:
    """Return what the abnormal return is measured against, in words."""
    plain = "beyond their betas" if many else "beyond its beta"
    return BEYOND.get(model, plain).format(its="their" if many else "its")


def finding(manifest: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]) -> str:
    """Return the finding of the focus event in one sentence, never stronger than it is.

    A symbol is said to have moved only when the larger of its two family-wise
    p-values is below 0.05 and that test is valid for the design.
    """
    headline = manifest["headline"]
    verdict = headline.get("verdict", "not_tested")
    start, end = manifest["study"]["headline_window"]
    rows = reactions(tables, manifest.get("focus") or "", start, end)
    if rows.empty:
        return _nothing_measured(manifest)
    hits = moved(rows, valid=family_is_valid(tables["tests"], start, end))
    if len(hits):
        return _who_moved(hits, rows, str(manifest["study"]["model"]))
    if verdict == "moved":
        return _moved_together(rows, headline)
    top = rows.loc[rows["car"].abs().idxmax()]
    size = f"{top['symbol']} {percent(top['car'])}"
    if verdict == "undecided":
        return f"Undecided: even the largest move, {size}, fits ordinary sessions"
    return f"Not tested: the largest move was {size}"


def _nothing_measured(manifest: Mapping[str, Any]) -> str:
    """Say why the focus event has no numbers."""
    if manifest.get("counts", {}).get("pending"):
        return "Not measured yet: the sessions of this event have not happened"
    reason = words(manifest["headline"].get("reason"))
    return "Not tested: " + (reason or "no symbol of this event could be studied")


def _who_moved(hits: pd.DataFrame, rows: pd.DataFrame, model: str) -> str:
    """Name the symbols that moved, and count those that are undecided."""
    said = [
        f"{row.symbol} {'rose' if row.car > 0 else 'fell'} "
        f"{percent(abs(row.car), signed=False)}"
        for row in hits.head(3).itertuples()
    ]
    if len(hits) > 3:
        said[-1:] = [said[-1], f"{len(hits) - 3} more moved"]
    rest = int((rows["expected"].astype(float) != 0).sum()) - len(hits)
    text = f"{listed(said, 4)} {beyond(model, len(hits) > 1)}"
    if not rest:
        return text
    return f"{text}; {rest} other move{'s are' if rest > 1 else ' is'} undecided"


def _moved_together(rows: pd.DataFrame, headline: Mapping[str, Any]) -> str:
    """Word a joint finding without naming a symbol."""
    if "contrast" in str(headline.get("test")):
        size = percent(headline.get("estimate"))
        return f"Expected winners against losers: {size}; no symbol stands out alone"
    return (
        f"Together the {len(rows)} symbols moved more than on ordinary sessions; "
        "none stands out alone"
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
        for row in chosen.itertuples()
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
