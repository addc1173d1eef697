"""``aftershock events verify``: reported moves against measured ones."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from aftershock.cli.listing import print_fields, print_json, print_table

if TYPE_CHECKING:
    from aftershock.events import Lexicon
    from aftershock.verification import Figure

COLUMNS = ("symbol", "date", "figure", "reported", "measured", "within", "note")


def verify_command(
    prices: Path | None, workspace: Path | None, *, every: bool, as_json: bool
) -> None:
    """Judge every figure of ``reported_moves.csv`` and print what came of it."""
    from aftershock.cli.prices import held_prices
    from aftershock.events import load_catalogue, read_reported_moves
    from aftershock.sources.base import panel_from
    from aftershock.tables import percent
    from aftershock.verification import agreement, as_records, verify_moves

    moves = read_reported_moves(workspace)
    held = held_prices(prices)
    panel = panel_from(held, "split")
    names = _written_otherwise(load_catalogue(workspace).lexicon, panel.symbols)
    figures = verify_moves(moves, panel, names)
    told = {"rows": len(moves), **agreement(figures)}
    # the sample was made from these moves
    circular = (
        f"{held.simulated}, of which it was made: this confirms nothing"
        if held.simulated
        else ""
    )
    if as_json:
        said = {"simulated": circular} if circular else {}
        print_json({**told, **said, "results": as_records(figures)})
        return
    shown = ("agree", "differ", "not judged") if every else ("differ", "not judged")
    for verdict in shown:
        _print_rows(verdict, [f for f in figures if f.verdict == verdict])
    _print_absent([f for f in figures if f.verdict == "no data"])
    counts = told["counts"]
    rate = told["agreement_rate"]
    share = "nothing could be judged" if rate is None else percent(rate, signed=False)
    print_fields(
        [
            ("figures", f"{told['figures']} in {told['rows']} rows"),
            *((verdict, str(count)) for verdict, count in counts.items()),
            ("agreement", share),
        ]
    )
    if circular:
        typer.echo(circular)


def _written_otherwise(lexicon: Lexicon, symbols: Sequence[str]) -> dict[str, str]:
    """Return under which name prices hold an instrument that they name otherwise."""
    return {
        known.symbol: alias
        for known in lexicon.instruments.values()
        for alias in known.aliases
        if alias in symbols and known.symbol not in symbols
    }


def _print_rows(verdict: str, figures: Sequence[Figure]) -> None:
    if not figures:
        return
    typer.echo(f"{verdict}:")
    print_table(COLUMNS, [_cells(figure) for figure in figures], wraps=["note"])
    typer.echo("")


def _cells(figure: Figure) -> list[str]:
    sign, unit = ("+", " %") if figure.figure == "move" else ("", "")
    said = [f"{v:{sign}.2f}{unit}" for v in (figure.low, figure.high) if v is not None]
    within = "points" if figure.figure == "move" else "%"
    return [
        figure.symbol,
        figure.date,
        figure.figure,
        f"{figure.reported:{sign}.2f}{unit}",
        " to ".join(dict.fromkeys(said)) or "none",
        f"{figure.tolerance:g} {within}",
        figure.note,
    ]


def _print_absent(figures: Sequence[Figure]) -> None:
    """Name what has no data: reason, how many, of which symbols."""
    reasons = list(dict.fromkeys(figure.why for figure in figures))
    for reason in reasons:
        of = [figure.symbol for figure in figures if figure.why == reason]
        symbols = ", ".join(dict.fromkeys(of))
        typer.echo(f"no data, {reason}: {len(of)} of {symbols}")
    if reasons:
        typer.echo("")
