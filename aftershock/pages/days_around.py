"""Page 2: the sessions around the news, role by role, over what ordinary ones do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from aftershock.pages.base import Page, colours
from aftershock.pages.cautions import sources_words
from aftershock.pages.mean_paths import mean_paths
from aftershock.pages.sheet import Sheet, evenly, fit
from aftershock.plots import BODY, GREY, LEAD, SMALL, Shade, plot_path
from aftershock.tables import (
    NONE,
    beyond_of_paths,
    listed,
    percent,
    role_name,
    role_order,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from aftershock.results import RunResult

PER_SHEET = 6


class DaysAround(Page):
    """Cumulative abnormal returns by role with a simultaneous 90 % band."""

    name: ClassVar[str] = "days_around"
    title: ClassVar[str] = "The days around it"
    order: ClassVar[int] = 2
    tables: ClassVar[tuple[str, ...]] = ("paths",)

    def applies(self, result: RunResult) -> bool:
        """Return whether the focus event, or the mean of several, has paths."""
        return len(_paths(result)) > 0 or len(_means(result)) > 0

    def draw(self, result: RunResult, paper: str) -> list[Figure]:
        """Return one sheet for every six roles; the mean over several events first."""
        means, one = _means(result), _paths(result)
        about = "mean over events"
        first = self._sheets(result, means, about, paper) if len(means) else []
        about = str(result.manifest.get("focus")) if first else ""
        return first + (self._sheets(result, one, about, paper) if len(one) else [])

    def _sheets(
        self, result: RunResult, paths: pd.DataFrame, about: str, paper: str
    ) -> list[Figure]:
        """Set the roles of one event, or of the mean over events; about: which."""
        shades = colours(result)
        roles = [r for r in role_order(list(paths["group"])) if r]
        looks = about, shades, paper
        return [
            self._sheet(result, paths, group, roles, *looks)
            for group in evenly(roles, PER_SHEET)
        ]

    def _sheet(
        self,
        result: RunResult,
        paths: pd.DataFrame,
        shown: Sequence[str],
        roles: Sequence[str],
        about: str,
        shades: Mapping[str, Shade],
        paper: str,
    ) -> Figure:
        """Set the panels of some roles, two a row."""
        sheet = Sheet(result.manifest, paper)
        pooled = "event_id" not in paths
        more = "continued" if shown[0] != roles[0] else ""
        kicker = "  ·  ".join(filter(None, ["The days around it", about, more]))
        title, lines = _title(paths, roles), _standfirst(paths)
        if pooled:
            title, lines = _on_average(title), _pooled_standfirst(paths, lines)
        sheet.heading(kicker, title, [] if more else lines)
        across = 2 if len(shown) > 1 else 1
        down = -(-len(shown) // across)
        height = (sheet.bottom - sheet.y - 0.1) / down
        for i, role in enumerate(shown):
            span = (1 + 6 * (i % 2), 6 + 6 * (i % 2)) if across == 2 else (1, 12)
            x, width = sheet.column(*span)
            y = sheet.y + (i // across) * height
            path = paths[paths["group"] == role]
            with sheet.panel(_panel_name(path)):
                _panel(sheet, path, (x, y, width, height), shades)
        n = int(paths.loc[paths["symbol"] == "", "n"].max())
        rests = f"up to {n} {'events a role' if pooled else 'earlier paths'}"
        sheet.source(
            f"{sources_words(result.manifest, pooled=pooled)}. Abnormal: "
            f"{_against(result, paths)}. n: a {'mean' if pooled else 'band'} rests on "
            f"{rests}."
        )
        return sheet.figure


def _against(result: RunResult, paths: pd.DataFrame) -> str:
    """Say what paths are measured against."""
    studied = str(result.manifest["study"]["model"])
    return beyond_of_paths(str(paths["model"].iloc[0]), studied)


def _paths(result: RunResult) -> pd.DataFrame:
    """Return the paths of the focus event, its first session where it has two."""
    paths: pd.DataFrame = result.tables["paths"]
    paths = paths[paths["event_id"] == result.manifest.get("focus")]
    paths = paths[paths["car"].notna()]
    if paths.empty:
        return paths
    first: pd.DataFrame = paths[paths["event_session"] == paths["event_session"].min()]
    return first


def _means(result: RunResult) -> pd.DataFrame:
    """Return the mean paths of a run with several events; else nothing."""
    paths = result.tables["paths"]
    if len(set(paths["event_id"])) < 2 or len(set(paths["event_session"])) < 2:
        return paths.iloc[:0]
    return mean_paths(paths)


def _on_average(title: str) -> str:
    """Say a finding of mean paths as one of means."""
    if title.startswith("Too few"):
        return title
    return f"On average {small(title)}"


def _pooled_standfirst(paths: pd.DataFrame, lines: Sequence[str]) -> list[str]:
    """Say what a mean path and its band are; the warnings of one event hold too."""
    first, last = int(paths["offset"].min()), int(paths["offset"].max())
    said = (
        f"Mean over events of the cumulative abnormal return, session "
        f"{offset_name(first)} to {offset_name(last)}. Band: about 90\u2009% of such "
        "means of ordinary paths stay inside; events whose days overlap count as one. "
        "A role’s mean takes only events whose prices reach as far as its longest path."
    )
    return [said, *lines[1:]]


def _left_band(path: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a mean path that lie outside its band."""
    path = path[path["symbol"] == ""]
    outside = (path["car"] > path["band_high"]) | (path["car"] < path["band_low"])
    return path[outside]


def _title(paths: pd.DataFrame, roles: Sequence[str]) -> str:
    """Say which roles left the range of ordinary paths.

    One that was outside before the news did not leave with it: the line below names
    it, and the title where there is no other.
    """
    left = {r: _left_band(paths[paths["group"] == r])["offset"] for r in roles}
    out = [r for r in roles if (left[r] >= 0).any()]
    new = [r for r in out if not (left[r] < 0).any()]
    still = [r for r in out if r not in new]
    banded = paths[(paths["symbol"] == "") & paths["band_high"].notna()]
    if banded.empty:
        return "Too few ordinary paths to say what is unusual"
    rest = banded["group"].unique().size - len(out)
    who = f"{_named(new)}{_of_one(paths, new)}" if new else "No role"
    when = "with" if still and not new else "after"
    parts = [f"{who} left the range of ordinary paths {when} the news"]
    if new and rest:
        parts.append(f"{rest} role{'s' if rest > 1 else ''} did not")
    if still and not new:
        told = f"{small(_named(still))}{_of_one(paths, still)}"
        parts.append(f"outside it before already: {told}")
    return "; ".join(parts)


def _of_one(paths: pd.DataFrame, roles: Sequence[str]) -> str:
    """Say which of some roles' means are those of one event, so no mean at all."""
    if "event_id" in paths:
        return ""
    most = paths[paths["symbol"] == ""].groupby("group")["n"].max()
    once = [role for role in roles if most[role] == 1]
    if not once:
        return ""
    return " (1 event)" if len(roles) == 1 else f" ({small(_named(once))}: 1 event)"


def _standfirst(paths: pd.DataFrame) -> list[str]:
    """Say what is drawn, and how the band must be read."""
    first, last = int(paths["offset"].min()), int(paths["offset"].max())
    roles = paths.loc[paths["symbol"] == "", "group"].unique().size
    said = (
        f"Cumulative abnormal return from session {offset_name(first)} to "
        f"{offset_name(last)}: a role's mean, thin its symbols. "
        "Band: 90\u2009% of ordinary paths stay inside over their whole length."
    )
    chance = percent(1 - 0.9**roles, 0, signed=False)
    luck = (
        f"With {roles} band{'s' if roles > 1 else ''}, one is left by luck alone up to "
        f"{chance} of the time. "
        "Nothing here is a test."
    )
    early = sorted(set(_left_band(paths[paths["offset"] < 0])["group"]))
    if early:
        luck += f" Outside already before the news: {small(_named(early))}."
    return [said, luck]


def _named(roles: Sequence[str]) -> str:
    """List roles inside a sentence: the first may begin it, the others are small."""
    first, *others = [role_name(role) for role in roles]
    return listed([first, *map(small, others)])


def small(text: str) -> str:
    """Return a text as it stands inside a sentence; an abbreviation stays as it is."""
    return text[0].lower() + text[1:] if text[1:2].islower() else text


def offset_name(offset: int) -> str:
    """Return an offset with sign and true minus."""
    return f"{offset:+d}".replace("-", "\u2212")


def _panel_name(path: pd.DataFrame) -> str:
    """Name a role and its symbols, or of a mean how many events it rests on."""
    symbols = sorted(set(path["symbol"]) - {""})
    n = int(path["n"].max())
    members = " ".join(symbols) or f"{n} event{'s' if n > 1 else ''}"
    return f"{role_name(str(path['group'].iloc[0]))}: {members}"


def _panel(
    sheet: Sheet,
    path: pd.DataFrame,
    box: tuple[float, float, float, float],
    shades: Mapping[str, Shade],
) -> None:
    """Draw one role: name, symbols, paths, end label."""
    x, y, width, height = box
    shade = shades[str(path["group"].iloc[0])]
    name = fit(_panel_name(path), width - 0.5, LEAD, "semibold")
    sheet.text(x, y + 0.16, name, LEAD, weight="semibold", color=shade.text)
    inner = (x + 0.5, y + 0.28, width - 1.15, height - 0.88)
    ax = plot_path(path, sheet.axes(*inner), colour=shade.mark)
    first, last = int(path["offset"].min()), int(path["offset"].max())
    ax.set_xlim(first, max(last, 1))
    ticks = [t for t in range(-500, 501, 5) if first <= t <= last]
    ax.set_xticks(ticks, [offset_name(t) if t else "0" for t in ticks])
    ax.set_xlabel("sessions from the news", color=GREY, size=SMALL)
    mean = path[path["symbol"] == ""].sort_values("offset")
    end = float(mean["car"].iloc[-1]) if len(mean) else np.nan
    low, high = ax.get_ylim()
    down = (high - end) / (high - low) * inner[3] if np.isfinite(end) else 0.0
    ends = inner[0] + inner[2] * (int(mean["offset"].iloc[-1]) - first) / max(
        max(last, 1) - first, 1
    )
    label = percent(end, 0) if np.isfinite(end) else NONE
    sheet.text(
        ends + 0.08, inner[1] + down + 0.05, label, BODY, weight="semibold",
        color=shade.text,
    )  # fmt: skip
