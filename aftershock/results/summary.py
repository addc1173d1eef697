"""A study in words: what was asked, what was found, and what may be said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import pandas as pd

from aftershock.results.notebook import html_list, html_table
from aftershock.tables import at_floor, number, percent, probability, text_table

Tables = Mapping[str, pd.DataFrame]
ALTERNATIVE = "it is not (two-sided; of volatility: it is larger)"
RANKED = ("joint_ranked", "max_sar", "placebo", "contrast_search", "vol")
TWO_SIDED_RANKS = ("ewma_quantile", "sample_quantile")
SIGNED = ("contrast", "contrast_ewma", "placebo_contrast")
ALPHA = 0.05
PAIRS = 20


def study_summary(tables: Tables, settings: Mapping[str, Any]) -> str:
    """Return the study as text: design, pairs, tests with null and alternative.

    A ranked p that is the smallest its reference allows is a bound; next to a
    non-finding stands the effect that would have been found four times in five.
    """
    tests = tables["tests"]
    lines = [
        *_head(tables, settings),
        "",
        text_table(_pair_rows(tables)),
        "",
        text_table(_test_rows(tables)),
        *_section("Notes", _notes(tests)),
        *_section("Null hypotheses; the alternative of each: " + ALTERNATIVE,
                  [f"{name}: {null}" for name, null in _nulls(tests).items()]),
        *_section("Dropped", _dropped(tables)),
    ]  # fmt: skip
    return "\n".join(lines)


def study_html(tables: Tables, settings: Mapping[str, Any]) -> str:
    """Return the summary for a notebook; rows that may not be quoted are grey."""
    tests = tables["tests"]
    head = "".join(f"<p>{escape(line)}</p>" for line in _head(tables, settings))
    grey = [not valid for valid in tests["valid"]]
    lists = {
        "Notes": _notes(tests),
        "Null hypotheses": [f"{name}: {null}" for name, null in _nulls(tests).items()],
        "Dropped": _dropped(tables),
    }
    return (
        head
        + html_table(_pair_rows(tables))
        + html_table(_test_rows(tables), grey)
        + "".join(html_list(name, items) for name, items in lists.items() if items)
    )


def _head(tables: Tables, settings: Mapping[str, Any]) -> list[str]:
    """Return what was studied, how, and in how many windows."""
    pairs, windows = tables["pairs"], settings["windows"]
    kept = int((pairs["status"] != "dropped").sum())
    sessions = tables["cars"]["event_session"].nunique()
    return [
        f"Event study: {kept} of {len(pairs)} event-symbol pairs, "
        f"{sessions} session{'s' * (sessions != 1)}, {len(windows)} "
        f"window{'s' * (len(windows) != 1)} tried: {', '.join(windows)}",
        f"Expected return: {settings['formula']} ({settings['model']}), "
        f"estimated over sessions {settings['estimation']}",
    ]


def _section(head: str, lines: Sequence[str]) -> list[str]:
    """Return a headed list, or nothing."""
    return ["", head, *[f"  {line}" for line in lines]] if lines else []


def _pair_rows(tables: Tables) -> list[list[str]]:
    """Return a header and one row for each pair and window, the first `PAIRS`."""
    cars = tables["cars"]
    rows = [
        ["event", "symbol", "window", "CAR", "95 % interval", "t", "p", "p, scaled"]
    ]
    m = tables["pairs"]["m"].max()
    rows += [
        [
            str(r["event_id"]),
            str(r["symbol"]),
            f"[{r['start']}, {r['end']}]",
            percent(r["car"]),
            f"{percent(r['ci_low'])} .. {percent(r['ci_high'])}",
            number(r["scar"], signed=True),
            probability(r["pvalue"]),
            _two_sided(r["pvalue_ewma"], m),
        ]
        for r in cars.head(PAIRS).to_dict("records")
    ]
    left = len(cars) - PAIRS
    return rows if left <= 0 else [*rows, [f"and {left} more", *[""] * 7]]


def _two_sided(pvalue: float, most: float) -> str:
    """Return the p of a two-sided rank, a bound where it is at its floor."""
    bound = f"<= {pvalue:.3f}"
    return bound if at_floor(pvalue / 2, most) else probability(pvalue)


def _test_rows(tables: Tables) -> list[list[str]]:
    """Return a header and one row for each test."""
    rows = [
        ["group", "window", "test", "statistic", "p", "n", "detectable", "quotable"]
    ]
    rows += [
        [
            str(r["group"]),
            f"[{r['start']}, {r['end']}]",
            str(r["test"]),
            number(r["statistic"], signed=True),
            _test_p(r, tables),
            str(r["n"]),
            percent(r["mde"], signed=False) if r["pvalue"] >= ALPHA else "",
            "yes" if r["valid"] else "no",
        ]
        for r in tables["tests"].to_dict("records")
    ]
    return rows


def _test_p(row: Mapping[Any, Any], tables: Tables) -> str:
    """Return the p of a test, as a bound where a rank is at its floor."""
    name = str(row["test"])
    one_session = name == "contrast_ewma" and row["n_sessions"] == 1
    if one_session or name in TWO_SIDED_RANKS:
        return _two_sided(row["pvalue"], tables["pairs"]["m"].max())
    if not name.startswith(RANKED):
        return probability(row["pvalue"])
    drawn = tables["placebo"]
    mine = (drawn["test"] == name) & (drawn["group"] == row["group"])
    count = int((mine & (drawn["window"] == f"[{row['start']}, {row['end']}]")).sum())
    return probability(row["pvalue"], count or tables["pairs"]["m"].max())


def _notes(tests: pd.DataFrame) -> list[str]:
    """Return why rows may not be quoted, and what their p-values ask for."""
    notes: dict[str, list[str]] = {}
    for r in tests.to_dict("records"):
        why = f"not quotable: {r['reason']}" if not r["valid"] else ""
        said = "; ".join(filter(None, [why, str(r["warning"] or "")]))
        if said:
            group = "" if r["group"] == "all" else f" of {r['group']}"
            where = f"{r['test']}{group} [{r['start']}, {r['end']}]"
            notes.setdefault(said, []).append(where)
    dated = "quotable only if the signs were declared before the news"
    signed = tests[tests["test"].isin(SIGNED) & tests["pvalue"].notna()]
    told = [f"{', '.join(names)}: {said}" for said, names in notes.items()]
    late = ", ".join(dict.fromkeys(signed["test"]))
    return [*told, *([f"{late}: {dated}"] if late else [])]


def _dropped(tables: Tables) -> list[str]:
    """Return the pairs that were left out, with reasons."""
    rows = tables["dropped"].astype(str).to_dict("records")
    return [
        f"{r['event_id']} {r['symbol']}: {r['reason']}"
        + (f" ({r['detail']})" if r["detail"] else "")
        for r in rows
    ]


def _nulls(tests: pd.DataFrame) -> dict[str, str]:
    """Return the null hypothesis of each test, in words."""
    return dict(zip(tests["test"], tests["null"], strict=True))
