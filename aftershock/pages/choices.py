"""Page 6: the same news under every defensible choice."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from aftershock.pages.base import Page, colours
from aftershock.pages.cautions import run_sources
from aftershock.pages.sheet import Sheet, fit
from aftershock.plots import BODY, GREY, LEAD, SMALL
from aftershock.plots.choices import plot_curve, plot_settings
from aftershock.tables import ALPHA, MINUS, percent, role_name, role_order, words

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from aftershock.plots import Shade
    from aftershock.results import RunResult

KEYS = ("window", "model", "market", "estimation", "reference")
SHOWN = {
    "window": "Window",
    "model": "Model",
    "market": "Market",
    "span": "Estimated on",
    "cut": "Estimated until",
    "reference": "Sample",
}
UNCUT = "the window's end"
FOUND, QUOTABLE = "p < 0.05, the larger of its p", "a p-value may be shown"
COMBINED = ("contrast", "all")
MOST = 400
LINE = 0.19


class Choices(Page):
    """A specification curve, the settings of each point below it, and each role."""

    name: ClassVar[str] = "choices"
    title: ClassVar[str] = "Does it depend on choices"
    order: ClassVar[int] = 6
    tables: ClassVar[tuple[str, ...]] = ("robustness",)

    def applies(self, result: RunResult) -> bool:
        """Return whether more than one way to measure was tried."""
        return len(_curve(result)) > 1

    def draw(self, result: RunResult, paper: str) -> list[Figure]:
        """Return one sheet."""
        curve = _curve(result)
        sheet = Sheet(result.manifest, paper)
        said = [_standfirst(result, curve), _left_out(result.tables["robustness"])]
        sheet.heading(
            "Does it depend on choices", _title(result, curve), list(filter(None, said))
        )
        left, wide = sheet.column(1, 9)
        right, narrow = sheet.column(10, 12)
        settings = _settings(curve)
        below = LINE * len(settings) + 0.1
        height = sheet.bottom - sheet.y - below - 0.25
        label = 1.95
        box = (left + label, sheet.y, wide - label, height)
        plot_curve(curve, sheet.axes(*box))
        _name_rows(sheet, settings, (left, sheet.y + height + 0.2, label))
        marks = np.array([used for _, _, used in settings])
        at = (box[0], sheet.y + height + 0.2, box[2], LINE * len(settings))
        plot_settings(marks, sheet.axes(*at))
        _roles(sheet, result, (right, sheet.y, narrow))
        sheet.source(f"{run_sources(result.manifest)}. {_key(curve)}")
        return [sheet.figure]


def _curve(result: RunResult) -> pd.DataFrame:
    """Return one row per choice and window of the combined estimate, in its order."""
    table = result.tables["robustness"]
    group = next((g for g in COMBINED if (table["group"] == g).any()), "")
    mine = table[(table["group"] == group) & table["estimate"].notna()]
    if mine.empty:
        return mine
    one = mine.drop_duplicates([*KEYS]).merge(_judged(mine), on=[*KEYS])
    parts = one["estimation"].str.partition(" before ")
    one = one.assign(span=parts[0], cut=parts[2].where(parts[2] != "", UNCUT))
    order = one.sort_values(["estimate", *KEYS], kind="stable")
    return order.head(MOST).reset_index(drop=True)


def _judged(rows: pd.DataFrame) -> pd.DataFrame:
    """Return for each choice whether a p may be shown, and whether all are small."""
    by = rows.assign(valid=rows["valid"].astype(bool)).groupby([*KEYS], sort=False)
    told = by.agg(larger=("pvalue", "max"), quotable=("valid", "all")).reset_index()
    return told.assign(found=told["quotable"] & (told.pop("larger") < ALPHA))


def _settings(curve: pd.DataFrame) -> list[tuple[str, str, np.ndarray]]:
    """Return (key, value, which columns have it) of every setting that varies."""
    rows = []
    for key in SHOWN:
        values = sorted(set(curve[key].map(words)), key=_place)
        if len(values) > 1:
            rows += [(key, v, (curve[key] == v).to_numpy()) for v in values]
    if not curve["quotable"].all():
        rows.append(("", QUOTABLE, curve["quotable"].to_numpy(bool)))
    return [*rows, ("", FOUND, curve["found"].to_numpy(bool))]


def _place(value: str) -> tuple[float, str]:
    """Order windows and spans by their length, other settings by name."""
    ends = value.strip("[]").split(", ")
    return (float(ends[1]) - float(ends[0]) if len(ends) == 2 else 0.0), value


def _title(result: RunResult, curve: pd.DataFrame) -> str:
    """Say whether the answer is the same whatever is chosen."""
    n, signs = len(curve), np.sign(curve["estimate"])
    low, high = percent(curve["estimate"].min()), percent(curve["estimate"].max())
    if not (signs == signs.iloc[0]).all():
        return (
            f"The sign depends on the choices: {low} to {high} over {n} ways to measure"
        )
    if _declared(result, curve) != "before":
        what = "Winners minus losers"
        return f"{what}: {low} to {high} over {n} ways to measure"
    found, shown = int(curve["found"].sum()), int(curve["quotable"].sum())
    if not shown:
        return f"{low} to {high} over {n} ways to measure; none may show a p-value"
    return f"{found} of {shown} ways to measure find p < {ALPHA:g}: {low} to {high}"


def _declared(result: RunResult, curve: pd.DataFrame) -> str:
    """Return whether the signs were declared before; a mean over pairs needs none."""
    if curve["group"].iloc[0] != "contrast":
        return "before"
    return str((result.manifest.get("contrast") or {}).get("declared", "unknown"))


def _standfirst(result: RunResult, curve: pd.DataFrame) -> str:
    """Say what is estimated, how often it stands out, and what that cannot show."""
    n, shown, found = len(curve), curve["quotable"].sum(), curve["found"].sum()
    what, late = "The mean over all pairs, sessions as clusters", ""
    if curve["group"].iloc[0] == "contrast":
        what = "The expected winners minus the expected losers"
    if _declared(result, curve) != "before":
        late = " (exploratory: their signs were not declared before the news)"
    rest = f"; the other {n - shown} may not" if shown < n else ""
    return (
        f"{what}. {found} of the {shown} ways that may show a p-value find "
        f"p < {ALPHA:g}{late}{rest}. All share the same prices: that many agree is no "
        f"evidence of its own.{_repeated(curve)}"
    )


def _repeated(curve: pd.DataFrame) -> str:
    """Say how many ways are another one again: their model has no use for a market."""
    alike = [*(key for key in KEYS if key != "market"), "rounded"]
    known = curve.assign(rounded=curve["estimate"].round(12))
    n = int(known.duplicated(alike).sum())
    if not n:
        return ""
    ways = "way repeats another" if n == 1 else "ways repeat others"
    return f" {n} {ways}: with another market, that does not enter what they estimate."


def _left_out(table: pd.DataFrame) -> str:
    """Say which choices could not be measured."""
    lost = table[table["estimate"].isna()]
    reasons = list(dict.fromkeys(words(r) for r in lost["reason"] if words(r)))
    return f"Not measured: {'; '.join(reasons)}." if reasons else ""


def _name_rows(
    sheet: Sheet,
    settings: list[tuple[str, str, np.ndarray]],
    place: tuple[float, float, float],
) -> None:
    """Name each row of settings, and the choice it belongs to."""
    x, y, width = place
    before = None
    for k, (key, value, _) in enumerate(settings):
        at = y + LINE * (k + 0.5) + 0.04
        if key and key != before:
            sheet.text(x, at, SHOWN[key], SMALL, weight="medium")
        before = key
        shown = value.replace("-", MINUS) if key in ("window", "span") else value
        start = x + 0.82 if key else x
        shown = fit(shown.replace("_", " "), width - (start - x) - 0.06, SMALL)
        sheet.text(start, at, shown, SMALL, color=GREY)


def _roles(sheet: Sheet, result: RunResult, place: tuple[float, float, float]) -> None:
    """Set the range of each role over the choices, in the headline's window."""
    x, y, width = place
    table = result.tables["robustness"]
    roles = table[~table["group"].isin(COMBINED) & table["estimate"].notna()]
    spans = list(dict.fromkeys(roles["window"].map(words)))
    span = spans[0].replace("-", MINUS) if len(spans) == 1 else "every window"
    sheet.text(x, y + 0.1, "By role", LEAD, weight="semibold")
    y = sheet.paragraph(
        x, y + 0.32, width, f"{span}: smallest to largest mean; of the ways that "
        f"may show a p-value, how many find p < {ALPHA:g}", SMALL, color=GREY,
    ) + 0.1  # fmt: skip
    shades = colours(result)
    for role in role_order(list(dict.fromkeys(roles["group"]))):
        y = _role(sheet, roles[roles["group"] == role], shades.get(role), (x, y, width))


def _role(
    sheet: Sheet,
    rows: pd.DataFrame,
    shade: Shade | None,
    place: tuple[float, float, float],
) -> float:
    """Set one role; return where the next begins."""
    x, y, width = place
    told = _judged(rows)
    found, shown = int(told["found"].sum()), int(told["quotable"].sum())
    name = fit(role_name(str(rows["group"].iloc[0])), width, BODY, "semibold")
    sheet.text(x, y, name, BODY, weight="semibold", color=shade.text if shade else GREY)
    low, high = (percent(v) for v in (rows["estimate"].min(), rows["estimate"].max()))
    sheet.text(x, y + 0.19, f"{low} to {high}" if low != high else low, BODY)
    sheet.text(x + width, y + 0.19, f"{found} of {shown}", BODY, ha="right")
    return y + 0.46


def _key(curve: pd.DataFrame) -> str:
    """Say how the picture must be read."""
    scaled = " and of the scaled rank" if curve["group"].iloc[0] == "contrast" else ""
    return (
        f"Bars: 95{chr(0x2009)}% intervals. Filled: the p of the t{scaled} is below "
        f"{ALPHA:g}. Ring: the study as configured."
    )
