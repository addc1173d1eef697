"""``aftershock hindsight``: how far a list of events was chosen after the fact."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aftershock.cli.options import HeldPrices, Json

if TYPE_CHECKING:
    from aftershock.hindsight import Hindsight, Share

COLUMNS = (
    *("part", "pairs", "sessions", "large", "usual"),
    *("signed", "hits", "by chance", "p"),
)


def hindsight(
    events: Annotated[
        list[Path], typer.Argument(help="Event files (YAML, CSV).", metavar="EVENTS")
    ],
    prices: HeldPrices = None,
    market: Annotated[str, typer.Option(help="What explains the others.")] = "SPY",
    draws: Annotated[int, typer.Option(min=99, help="Permutations.")] = 9999,
    seed: Annotated[int, typer.Option(help="Of the permutations.")] = 0,
    json_: Json = False,
) -> None:
    """Measure how far a list of events was chosen after the fact.

    It tells how often the listed symbols moved much on their events' sessions, against
    their other sessions, and how often the expected signs came true, against signs that
    are shuffled. Both far above chance say that the list was picked, or its signs
    written, by who knew the outcome, or by skill: read averages over it as a
    description, not as a forecast.
    """
    from aftershock.cli.listing import print_json, print_table
    from aftershock.cli.prices import held_prices
    from aftershock.cli.workspace import catalogue_root
    from aftershock.events import load_events
    from aftershock.hindsight import hindsight as measured
    from aftershock.sources.base import panel_from

    chosen = load_events(events, catalogue_root())
    held = held_prices(prices)
    found = measured(chosen, panel_from(held), market, draws=draws, seed=seed)
    simulated = _simulated(found) if held.simulated else ""
    if json_:
        files = [str(f) for f in events]
        told = {"simulated": simulated} if simulated else {}
        print_json({"files": files, **found.as_dict(), **told})
        return
    typer.echo(f"{len(chosen)} events of {', '.join(map(str, events))}")
    print_table(COLUMNS, [_cells(share) for share in found.shares])
    typer.echo("")
    for line in _explained(found):
        typer.echo(line)
    if simulated:
        typer.echo(simulated)


def _simulated(found: Hindsight) -> str:
    """Say of figures on the sample how many of their moves are real."""
    import pandas as pd

    from aftershock.run.simulated import of_moves

    moves = pd.DataFrame(found.moves, columns=["symbol", "session"])
    told = of_moves(moves, "pairs' moves", "moves of these pairs")
    return (
        f"{told}. The usual share, betas and volatilities rest on simulated prices, "
        "too: the figures show how this reads, not how the list was chosen."
    )


def _cells(share: Share) -> list[str]:
    from aftershock.tables import percent

    large, base, hits, chance = (
        percent(value, 0, signed=False)
        for value in (share.large, share.base, share.hits, share.chance)
    )
    return [
        share.part.replace("_", " "),
        str(share.pairs),
        str(share.sessions),
        large,
        base,
        str(share.signed),
        hits,
        chance,
        "" if share.pvalue is None else f"{share.pvalue:.4f}",
    ]


def _explained(found: Hindsight) -> list[str]:
    """Say what the columns are, what was left out, and what cannot be told."""
    from aftershock.tables import reason_words

    told = found.settings
    left = ", ".join(
        f"{n} ({reason_words(reason)})" for reason, n in found.left_out.items()
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
