"""``aftershock hindsight``: how far a list of events was chosen after the fact."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from aftershock.cli.listing import print_json, print_table

if TYPE_CHECKING:
    from aftershock.hindsight import Hindsight, Share

COLUMNS = (
    *("part", "pairs", "sessions", "large", "usual"),
    *("signed", "hits", "by chance", "p"),
)


def hindsight_command(
    files: Sequence[Path],
    prices: Path | None,
    market: str,
    draws: int,
    seed: int,
    *,
    as_json: bool,
) -> None:
    """Measure event files against prices and print what was found."""
    from aftershock.cli.prices import held_prices
    from aftershock.events import load_events
    from aftershock.hindsight import hindsight
    from aftershock.sources.base import panel_from

    workspace = Path.cwd() if (Path.cwd() / "data").is_dir() else None
    events = load_events(files, workspace)
    panel = panel_from(held_prices(prices))
    found = hindsight(events, panel, market, draws=draws, seed=seed)
    if as_json:
        print_json({"files": [str(f) for f in files], **found.as_dict()})
        return
    typer.echo(f"{len(events)} events of {', '.join(map(str, files))}")
    print_table(COLUMNS, [_cells(share) for share in found.shares])
    typer.echo("")
    for line in _explained(found):
        typer.echo(line)


def _cells(share: Share) -> list[str]:
    return [
        share.part.replace("_", " "),
        str(share.pairs),
        str(share.sessions),
        _percent(share.large),
        _percent(share.base),
        str(share.signed),
        _percent(share.hits),
        _percent(share.chance),
        "" if share.pvalue is None else f"{share.pvalue:.4f}",
    ]


def _percent(share: float | None) -> str:
    return "" if share is None else f"{100 * share:.0f} %"


def _explained(found: Hindsight) -> list[str]:
    """Say what the columns are, what was left out, and what cannot be told."""
    told = found.settings
    left = ", ".join(
        f"{n} {reason.replace('_', ' ')}" for reason, n in found.left_out.items()
    )
    return [
        f"large: pairs with |SAR| > {told['large']} on the event session (market model "
        f"on {told['market']}, [{told['estimation'][0]}, {told['estimation'][1]}], "
        f"{told['min_obs']} sessions at least).",
        f"usual: the same on all sessions of these symbols to {found.span[1]}.",
        "hits: signs that agree with the abnormal return; by chance: the mean of "
        f"{told['draws']} permutations (seed {told['seed']}); p: one-sided.",
        f"Null: {told['null']}.",
        f"Left out, pairs: {left or 'none'}.",
        "A share above the usual, and signs that hit, are what skill brings and what "
        "hindsight brings; these figures do not tell them apart.",
    ]
