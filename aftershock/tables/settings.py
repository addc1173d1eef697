"""The settings of a sweep in words, and which of them made the very same trades."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from aftershock.tables.numbers import listed, number, percent, records

SAME = "same_trades"
"""Of the table `sweep`: the strategy's first setting, from 1, with these trades."""
OUTCOME = "out of sample"
"""Of the table `walk_forward`: the fold of the row that tells what came of it."""
FIGURES = (
    "total_return", "sharpe", "max_drawdown", "n_trades", "deflated_sharpe", SAME,
    "strategy",
)  # fmt: skip
MOST = 3
"""Groups of settings that are named."""


def grid_names(swept: pd.DataFrame) -> list[str]:
    """Return the columns of the table `sweep` that a grid gave it."""
    return [name for name in swept.columns if name not in FIGURES]


def setting_value(value: Any) -> str:
    """Return one value of a grid as text."""
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return "none"
    return f"{value:g}" if isinstance(value, int | float) else str(value)


def best_setting(label: str, swept: pd.DataFrame) -> str:
    """Set the best setting of one strategy against the luck of that many."""
    n, best = len(swept), swept["sharpe"].max()
    if not np.isfinite(best):
        return f"{label}: none of {n} settings traded"
    return (
        f"{label}: the best of {n} settings has a Sharpe ratio of {number(best)}; luck "
        f"alone gives the best of {n} about {number(_luckiest(swept))}"
    )


def _luckiest(swept: pd.DataFrame) -> float:
    """Return the annual Sharpe ratio that the luckiest of as many settings has."""
    from aftershock.performance import largest_sharpe

    known = swept["sharpe"].dropna()
    spread = float(known.std(ddof=1)) if len(known) > 1 else 0.0
    return largest_sharpe(len(known), spread)


def same_trades(swept: pd.DataFrame) -> list[str]:
    """Say which settings of one strategy made the very same trades, a line for each.

    First the names that made no difference, whatever the others were; then groups of
    settings, of which what they share is said once.

    Parameters
    ----------
    swept : DataFrame
        The rows of one strategy; without the column `same_trades` nothing is known.
    """
    if SAME not in swept or not swept["n_trades"].any():
        return []
    told = swept.assign(**{n: swept[n].map(setting_value) for n in grid_names(swept)})
    names = [name for name in grid_names(told) if len(set(told[name])) > 1]
    told, lines = told.drop_duplicates(names) if names else told.head(1), []
    for name in tuple(names):
        others = [other for other in names if other != name]
        if others and told.groupby(others)[SAME].agg(_is_one).all():
            values = list(dict.fromkeys(told[name]))
            lines.append(
                f"{_plain(name)} made no difference: {listed(values)} made the same "
                "trades, whatever else was set"
            )
            told, names = told[told[name] == values[0]], others
    parts = [part for _, part in told.groupby(SAME) if len(part) > 1]
    lines += [_alike(part, names) for part in parts[:MOST]]
    if len(parts) > MOST:
        more = f"{len(parts) - MOST} more groups of settings made the same trades"
        lines.append(f"{more}: column {SAME} of table sweep")
    return lines


def nothing_to_choose_by(forward: pd.DataFrame) -> tuple[int, int]:
    """Count the blocks whose past had no trade to choose by, and all blocks.

    Parameters
    ----------
    forward : DataFrame
        The rows of one strategy in the table `walk_forward`.
    """
    if forward.empty:
        return 0, 0
    blocks = forward[forward["fold"].astype(str) != OUTCOME]
    return int(blocks["in_sample"].isna().sum()), len(blocks)


def forward_sentence(forward: pd.DataFrame) -> str:
    """Say what choosing on the past brought, or that nothing could be chosen.

    Empty where there were too few events to choose on some and trade the others.
    """
    if forward.empty:
        return ""
    (row,) = records(forward[forward["fold"].astype(str) == OUTCOME])
    bare, blocks = nothing_to_choose_by(forward)
    traded = f"{number(row.n_trades, 0)} trade{'s' * (row.n_trades != 1)}"
    brought = (
        f"{traded} returned {percent(row.total_return)}, a Sharpe ratio of "
        f"{number(row.sharpe)}"
    )
    why = (
        f"he past had no trade to choose by in {bare} of {blocks} blocks: the first "
        "setting of the grid was traded"
    )
    if bare == blocks:
        return f"T{why}. Its {brought}."
    told = f"Chosen on past events only and traded on the next, {brought}."
    return f"{told} T{why} there." if bare else told


def same_sweeps(
    swept: pd.DataFrame, parameters: Mapping[str, Mapping[str, Any]]
) -> list[str]:
    """Say which strategies brought the same in every setting, a line for each group.

    Parameters
    ----------
    swept : DataFrame
        The table `sweep`.
    parameters : mapping
        Of each label, what its strategy is set to.
    """
    parts = {
        str(label): part.drop(columns="strategy").reset_index(drop=True)
        for label, part in swept.groupby("strategy", sort=False)
        if part["n_trades"].any()
    }
    groups: list[list[str]] = []
    for label, part in parts.items():
        twins = [group for group in groups if parts[group[0]].equals(part)]
        if twins:
            twins[0].append(label)
        else:
            groups.append([label])
    names = grid_names(swept)
    return [
        f"{listed(group, len(group))} brought the same in every setting"
        + _overridden([parameters.get(label, {}) for label in group], names)
        for group in groups
        if len(group) > 1
    ]


def _overridden(given: Sequence[Mapping[str, Any]], names: Sequence[str]) -> str:
    """Say that a grid sets all in which strategies differ, where it does."""
    keys = list(dict.fromkeys(key for one in given for key in one))
    differ = [k for k in keys if any(one.get(k) != given[0].get(k) for one in given)]
    if not differ or not set(differ) <= set(names):
        return ""
    return f": the grid sets {listed(differ, len(differ))}, in which alone they differ"


def _alike(part: pd.DataFrame, names: Sequence[str]) -> str:
    """Return the sentence of settings that made the same trades."""
    differ = [name for name in names if not _is_one(part[name])]
    shared = [f"{_plain(n)} {part[n].iloc[0]}" for n in names if n not in differ]
    said = [
        " with ".join(f"{_plain(name)} {row[name]}" for name in differ)
        for row in part.to_dict("records")
    ]
    n = int(part["n_trades"].iloc[0])
    same = f"made the same {number(n, 0)} trades" if n > 1 else "made the same trade"
    told = f"{listed(said, 4)} {same if n else 'made no trade'}"
    return f"with {' and '.join(shared)}, {told}" if shared else told


def _is_one(values: pd.Series) -> bool:
    return len(set(values)) == 1


def _plain(name: str) -> str:
    return name.replace("_", " ")
