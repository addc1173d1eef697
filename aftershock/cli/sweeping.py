"""``aftershock sweep``: every setting of a grid, and settings chosen on the past."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from aftershock.executor import Executor

BEST = 10
LUCK = (
    "by Sharpe ratio: a setting with a lower return can stand above one with more\n"
    "beats luck: probability that the true Sharpe ratio is above that of the luckiest\n"
    "of so many settings without skill (deflated Sharpe ratio)"
)


def sweep_command(
    path: Path,
    overrides: Sequence[str],
    executor: Executor,
    out: Path | None,
    as_json: bool,
    offline: bool,
) -> None:
    """Sweep a config and leave a folder with the tables and their page."""
    from aftershock.cli.leaving import leave
    from aftershock.cli.listing import print_json
    from aftershock.cli.running import busy, say_written
    from aftershock.config import load_config
    from aftershock.results.files import plain
    from aftershock.run.sweeping import sweep_config

    config = load_config(path, overrides)
    from aftershock.tables.warned import run_warnings

    with busy("Settings"):
        result = sweep_config(config, offline=offline, executor=executor)
    target = leave(result, config, out, "sweep")
    if as_json:
        print_json(plain(result.tables["sweep"].to_dict("records")))
        return
    _show(result.tables)
    typer.echo(LUCK)
    if simulated := result.manifest.get("simulated"):
        typer.echo(simulated)
    for line in run_warnings(result.manifest):
        typer.echo(f"Warning: {line}")
    say_written(target)


def _show(tables: Any) -> None:
    """Print the best settings of each strategy, and what choosing them brought."""
    from aftershock.cli.listing import print_table
    from aftershock.tables import (
        forward_sentence,
        grid_names,
        number,
        percent,
        setting_value,
    )

    swept, chosen = tables["sweep"], tables["walk_forward"]
    names = grid_names(swept)
    for label, part in swept.groupby("strategy", sort=False):
        best = part.sort_values("sharpe", ascending=False, kind="stable").head(BEST)
        few = f"the best {len(best)} " if len(best) < len(part) else ""
        typer.echo(f"{label}: {len(part)} settings, {few}by Sharpe ratio")
        rows = [
            [
                *[setting_value(row[name]) for name in names],
                percent(row["total_return"]),
                number(row["sharpe"]),
                percent(row["max_drawdown"]),
                row["n_trades"],
                percent(row["deflated_sharpe"], 0, signed=False),
            ]
            for row in best.to_dict("records")
        ]
        heads = ("return", "Sharpe", "drawdown", "trades", "beats luck")
        print_table([*names, *heads], rows)
        mine = chosen[chosen["strategy"] == label]
        if told := forward_sentence(mine):
            typer.echo(f"{told}\n")
