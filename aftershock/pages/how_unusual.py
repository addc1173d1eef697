"""Page 4: the statistic among ordinary sessions, and every test with its conditions."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd

from aftershock.pages.base import Page
from aftershock.pages.cautions import run_sources
from aftershock.pages.leading_words import detectable, dissent, title_of
from aftershock.pages.named_tests import NAMES, ORDER, label, remark
from aftershock.pages.sheet import Sheet, fit, leading, wrap
from aftershock.plots import BODY, FAINT, GREY, LEAD, SMALL, plot_placebo
from aftershock.tables import (
    ALPHA,
    influence_sentence,
    largest_mover,
    listed,
    number,
    p_equals,
    probability,
    records,
    verdict_sentence,
    verdict_words,
    window_name,
    words,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from aftershock.results import RunResult


class HowUnusual(Page):
    """Placebo distributions, the table of tests, and what could have been seen."""

    name: ClassVar[str] = "how_unusual"
    title: ClassVar[str] = "How unusual"
    order: ClassVar[int] = 4
    tables: ClassVar[tuple[str, ...]] = ("tests", "placebo")

    def applies(self, result: RunResult) -> bool:
        """Return whether anything was tested."""
        return len(_tests(result)) > 0

    def draw(self, result: RunResult, paper: str) -> list[Figure]:
        """Return as many sheets as the tests need."""
        rows = _tests(result)
        figures: list[Figure] = []
        while not figures or len(rows):
            sheet = Sheet(result.manifest, paper)
            lines = [] if figures else _standfirst(result)
            more = "  ·  continued" if figures else ""
            sheet.heading(f"How unusual{more}", _title(result), lines)
            if not figures:
                _histograms(sheet, result)
            x, width = sheet.column(1, 12) if figures else sheet.column(5, 12)
            with sheet.aside():
                rest = _table(sheet, result, rows, x, width)
            shown = rows.iloc[: len(rows) - len(rest)]
            sheet.told.listing(*_listing(result, shown))
            rows = rest
            sheet.source(f"{run_sources(result.manifest)}. {_design(result)}")
            figures.append(sheet.figure)
        return figures


def _tests(result: RunResult) -> pd.DataFrame:
    """Return the tests of the headline window, the leading questions first."""
    start, end = result.manifest["study"]["headline_window"]
    tests = result.tables["tests"]
    tests = tests[(tests["start"] == start) & (tests["end"] == end)]
    if not result.tables["pairs"]["status"].isin(["ok", "flagged"]).any():
        # what else a test lacks follows from this
        tests = tests.assign(reason="no pair could be measured")
    # what a group has no number for stands in the table tests.csv alone
    everyone = tests["group"] == "all"
    tests = tests[everyone | tests["statistic"].notna()]
    rank = tests["test"].map(ORDER).fillna(len(ORDER))
    valid = ~tests["valid"].astype(bool)
    order: pd.DataFrame = tests.assign(
        mover=[largest_mover(result.tables, row) for row in records(tests)],
        _part=tests["group"] != "all", _rank=rank, _valid=valid,
    )  # fmt: skip
    keys = ["_part", "group", "_valid", "_rank", "test"]
    return order.sort_values(keys, kind="stable").drop(
        columns=["_part", "_rank", "_valid"]
    )


def _title(result: RunResult) -> str:
    """Say what the leading test found, never more."""
    headline: Mapping[str, Any] = result.manifest["headline"]
    p = probability(headline.get("pvalue"), references(result, headline))
    found = title_of(verdict_words(result.manifest), str(headline.get("test")))
    return (
        f"{found}, {p_equals(p)}" if found else "No test of this design may be quoted"
    )


def _standfirst(result: RunResult) -> list[str]:
    """Say which test leads, and what could have been detected."""
    headline = result.manifest["headline"]
    said = verdict_sentence(result.manifest, references(result, headline))
    if headline.get("verdict") != "moved":
        said += detectable(_tests(result), str(headline.get("test")))
    hangs = [told] if (told := influence_sentence(result.manifest)) else []
    rows, verdict = _tests(result), str(headline.get("verdict"))
    other = dissent(rows, verdict, partial(references, result))
    return [said, *hangs, *other, *_movers(rows)]


def _movers(rows: pd.DataFrame) -> list[str]:
    """Say why two small p of the largest move may name no symbol that stands out."""
    rows = rows[rows["valid"].astype(bool) & (rows["pvalue"] < ALPHA)]
    names = list(dict.fromkeys(filter(None, rows["mover"])))
    if len(names) < 2:
        return []
    return [
        f"The largest move is rare plain and scaled, but of different symbols "
        f"({listed(names)}): none of them is by both."
    ]


def references(result: RunResult, row: Any) -> float | None:
    """Return how many reference sessions a ranked test can have had, at most."""
    name = str(row.get("test"))
    placebo = result.tables["placebo"]
    draws = len(_draws(placebo, name, row))
    if draws:
        return float(draws)
    if name.startswith(("joint_ranked", "max_sar")):
        most = result.tables["pairs"]["m"].max()
        return float(most) if pd.notna(most) else None
    return None


def _draws(placebo: pd.DataFrame, test: str, row: Any) -> pd.Series[Any]:
    """Return the placebo values of a test in the window of a row."""
    rows = placebo[placebo["test"] == test]
    names = {window_name(row["start"], row["end"]), f"{row['start']},{row['end']}"}
    names |= {f"[{row['start']},{row['end']}]", f"[{row['start']}, {row['end']}]"}
    exact = rows[rows["window"].astype(str).isin(names)]
    group = words(row.get("group")) or "all"
    exact = exact[exact["group"] == group] if "group" in exact else exact
    return pd.to_numeric(exact["value"]).dropna()


def _histograms(sheet: Sheet, result: RunResult) -> None:
    """Draw the placebo distributions in the left four columns."""
    x, width = sheet.column(1, 4)
    tests = _tests(result)
    shown = tests[tests["test"].isin(["placebo", "placebo_contrast"])]
    shown = shown[shown["statistic"].notna()].head(2)
    height = (sheet.bottom - sheet.y) / 2
    y = sheet.y + 0.16
    for _, row in shown.iterrows():
        draws = _draws(result.tables["placebo"], str(row["test"]), row)
        if len(draws) < 2:
            continue
        sheet.text(x, y, NAMES[str(row["test"])], LEAD, weight="semibold")
        p = probability(row["pvalue"], len(draws))
        told = f"{len(draws)} ordinary sessions; line: the event, {p_equals(p)}"
        sheet.text(x, y + 0.2, fit(told, width, SMALL), SMALL, color=GREY)
        ax = sheet.axes(x, y + 0.32, width - 0.25, height - 1.1)
        plot_placebo(draws.tolist(), float(row["statistic"]), ax)
        ax.set_xlabel("mean standardised move" if row["test"] == "placebo"
                      else "standardised contrast")  # fmt: skip
        y += height
    if shown.empty:
        sheet.text(x, y, "No placebo sessions", LEAD, color=GREY)


HEADS = (("statistic", 0.62), ("p", 1.18), ("n", 1.5), ("sessions", 2.05))


def _table(
    sheet: Sheet, result: RunResult, rows: pd.DataFrame, x: float, width: float
) -> pd.DataFrame:
    """Set as many tests as fit; return those left over."""
    name, y = 2.35, sheet.y + 0.16
    sheet.text(x, y, "test", SMALL, color=GREY)
    for head, at in HEADS:
        sheet.text(x + name + at, y, head, SMALL, color=GREY, ha="right")
    remark_x = x + name + 2.2
    sheet.text(remark_x, y, "may it be quoted?", SMALL, color=GREY)
    sheet.rule(x, y + 0.07, width, FAINT)
    y += 0.28
    for i in range(len(rows)):
        row = rows.iloc[i]
        said = remark(row)
        again = i > 0 and not row["valid"] and said == remark(rows.iloc[i - 1])
        said = "no: as above" if again else said
        lines = wrap(said, x + width - remark_x, SMALL)[:5]
        if y + leading(SMALL) * (len(lines) - 1) > sheet.bottom - 0.05:
            return rows.iloc[max(i, 1) :]
        tone: dict[str, Any] = {} if row["valid"] else {"color": "#8d929b"}
        sheet.text(x, y, fit(label(row), name - 0.05, BODY), BODY, **tone)
        for cell, (_, at) in zip(_cells(result, row), HEADS, strict=True):
            sheet.text(x + name + at, y, cell, BODY, ha="right", **tone)
        for k, line in enumerate(lines):
            sheet.text(remark_x, y + k * leading(SMALL), line, SMALL, color=GREY)
        y += max(leading(BODY) * 1.12, len(lines) * leading(SMALL) + 0.06)
    return rows.iloc[:0]


def _cells(result: RunResult, row: pd.Series[Any]) -> list[str]:
    """Return the figures of one test as words."""
    return [
        number(row["statistic"], 2, signed=True),
        probability(row["pvalue"], references(result, row)),
        number(row["n"], 0),
        number(row["n_sessions"], 0),
    ]


def _listing(
    result: RunResult, rows: pd.DataFrame
) -> tuple[list[str], list[bool], list[list[str]]]:
    """Return heads, which of them are numbers, and the rows of tests."""
    heads = ["test", *(head for head, _ in HEADS), "may it be quoted?"]
    series = [row for _, row in rows.iterrows()]
    cells = [[label(row), *_cells(result, row), remark(row)] for row in series]
    return heads, [False, *[True] * 4, False], cells


def _design(result: RunResult) -> str:
    """Say how many windows were tried."""
    start, end = result.manifest["study"]["headline_window"]
    tried = (result.manifest.get("counts") or {}).get("windows_tried")
    more = f"; {tried} windows were tried" if tried else ""
    return f"Window {window_name(start, end)}{more}."
