"""What a run found, in words that are never stronger than the evidence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from aftershock.tables.numbers import (
    is_missing,
    listed,
    percent,
    probability,
    records,
    role_order,
    words,
)

ALPHA = 0.05
LARGEST = {"max_sar": "pvalue_family", "max_sar_ewma": "pvalue_family_ewma"}

BEYOND = {
    "mean": "beyond {its} mean",
    "market_adjusted": "beyond the market",
    "sector": "beyond {its} sector",
}


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
    symbol, role, expected, session, status, reason, m, flags
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
    keep = ["symbol", "role", "expected", "session", "status", "reason", "m", "flags"]
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


def largest_mover(tables: Mapping[str, pd.DataFrame], test: Any) -> str:
    """Name the symbol that a row of the largest move is about; "" for other tests.

    Its own family-wise p is the row's; nothing where several share it.
    """
    column = LARGEST.get(test.test)
    if column is None or test.group != "all":
        return ""
    cars = tables["cars"]
    cars = cars[(cars["start"] == test.start) & (cars["end"] == test.end)]
    same = np.isclose(cars[column].astype(float), test.pvalue)
    found = set(cars.loc[same, "symbol"])
    return str(*found) if len(found) == 1 else ""


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


def beyond_of_paths(model: str, studied: str) -> str:
    """Return what the abnormal return of single sessions is measured against.

    Parameters
    ----------
    model, studied : str
        By which paths are drawn, and which the study names: the market model is drawn
        without its fitted alpha.

    Returns
    -------
    str
        Begins small; says where figures differ from those of the study's windows.
    """
    name = model.replace("_", " ")
    if model == studied:
        return f"{beyond(model, many=True)} ({name})"
    return (
        f"beyond beta alone ({name}); windows, as on page 1, take off the fitted "
        "alpha too"
    )


def finding(manifest: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]) -> str:
    """Return the finding of the focus event in one sentence, never stronger than it is.

    A symbol is said to have moved only when the larger of its two family-wise
    p-values is below 0.05 and that test is valid for the design.
    """
    headline = manifest["headline"]
    verdict = headline.get("verdict", "not_tested")
    if (headline.get("n_sessions") or 0) > 1:
        return _over_sessions(headline)
    start, end = manifest["study"]["headline_window"]
    rows = reactions(tables, manifest.get("focus") or "", start, end)
    if rows.empty:
        return _nothing_measured(manifest)
    hits = moved(rows, valid=family_is_valid(tables["tests"], start, end))
    if len(hits):
        return _who_moved(hits, rows, str(manifest["study"]["model"]))
    if verdict == "moved":
        return _moved_together(rows, headline)
    return _nobody_moved(rows, str(verdict))


def _over_sessions(headline: Mapping[str, Any]) -> str:
    """Word what was found over the pairs of several sessions."""
    name = words(headline.get("tag"))
    sample = f"{headline['n']} pairs on {headline['n_sessions']} sessions"
    sample = f"{sample} ({name})" if name else sample
    if headline["verdict"] == "not_tested":
        return f"Not tested: {sample}"
    p = probability(headline.get("pvalue"))
    found = f"p {p}" if p[:1] in "≤<" else f"p = {p}"
    if words(headline.get("warning")).startswith("exploratory"):
        return f"Exploratory: {sample}, too few to decide ({found})"
    size = headline.get("estimate")
    # of another test the estimate is no return
    if headline.get("test") == "clustered" and not is_missing(size):
        return _mean_over_sessions(headline, sample, found)
    if headline["verdict"] == "undecided":
        return f"Undecided: {sample} moved as ordinary sessions do ({found})"
    return f"{sample} moved more than ordinary sessions do ({found})"


def _mean_over_sessions(headline: Mapping[str, Any], sample: str, found: str) -> str:
    """Word the mean of several sessions with its size and direction."""
    size = float(headline["estimate"])
    if headline["verdict"] == "undecided":
        return f"Undecided: {sample} moved {percent(size)} on average ({found})"
    way = "rose" if size > 0 else "fell"
    by = percent(abs(size), signed=False)
    return f"{sample} {way} {by} on average ({found})"


def _nobody_moved(rows: pd.DataFrame, verdict: str) -> str:
    """Name who comes closest, and say that this is not enough."""
    closest = rows["p"].astype(float)
    if verdict == "undecided" and closest.notna().any():
        top = rows.iloc[int(closest.fillna(2.0).argmin())]
        p = probability(top["p"], top["m"])
        p = p if p[:1] in "≤<" else f"= {p}"
        who = f"{top['symbol']}, {percent(top['car'])}"
        if top["p"] < ALPHA:
            return f"Undecided: {who}, stands out most, but not enough (family p {p})"
        return (
            f"Undecided: no symbol stands out; the least p is of {who} (family p {p})"
        )
    if rows["car"].isna().all():
        return "Not tested: no symbol has a return on every session of the window"
    top = rows.iloc[int(rows["car"].abs().fillna(0.0).argmax())]
    word = "Undecided" if verdict == "undecided" else "Not tested"
    return f"{word}: the largest move was {top['symbol']} {percent(top['car'])}"


def _nothing_measured(manifest: Mapping[str, Any]) -> str:
    """Say why the focus event has no numbers."""
    if manifest.get("counts", {}).get("pending"):
        return "Not measured yet: a window of this event reaches past the last price"
    reason = words(manifest["headline"].get("reason")).replace("_", " ")
    return "Not tested: " + (reason or "no symbol of this event could be studied")


def _who_moved(hits: pd.DataFrame, rows: pd.DataFrame, model: str) -> str:
    """Name the symbols that moved, and count those that are undecided."""
    said = [
        f"{row.symbol} {'rose' if row.car > 0 else 'fell'} "
        f"{percent(abs(row.car), signed=False)}"
        for row in records(hits.head(3))
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
    count = int((rows["expected"].astype(float) != 0).sum())
    return (
        f"Together the {count} symbols moved more than on ordinary sessions; "
        "none stands out alone"
    )
