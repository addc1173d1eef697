"""``aftershock claims``: what people said would happen, and what became of it."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Annotated, Any

import typer

from aftershock.cli.listing import print_json, print_table, screen_width
from aftershock.cli.options import ConfigPath, Json, Offline, Overrides
from aftershock.cli.workspace import catalogue_root

app = typer.Typer(help="Claims and their verdicts.", no_args_is_help=True)

LIST = ("claim", "said", "measure", "expected", "text")
NARROW = ("claim", "expected", "text")
WIDE = 120
INDENT = "    "


@app.command("list")
def list_(
    file: Annotated[
        Path | None, typer.Argument(help="A file of claims; all known ones if none.")
    ] = None,
    json_: Json = False,
) -> None:
    """List claims: who said what, and the test that prices make of it."""
    from aftershock.claims import claim_files, load_claims

    root = catalogue_root()
    claims = load_claims([file] if file else claim_files(root), root)
    if json_:
        print_json([claim.plain() for claim in claims])
        return
    if claims:
        columns = NARROW if screen_width() < WIDE else LIST
        rows = [[_line(claim)[name] for name in columns] for claim in claims]
        print_table(columns, rows, wraps=["text"])
    typer.echo(f"{len(claims)} claims")


@app.command()
def check(
    config: ConfigPath,
    set_: Overrides = None,
    offline: Offline = False,
    json_: Json = False,
) -> None:
    """Judge the claims of a config on its prices, without a run."""
    from aftershock.results.files import plain
    from aftershock.run.claims import check_claims
    from aftershock.tables import verdict_counts

    table = check_claims(config, set_ or (), offline=offline)
    rows: list[dict[str, Any]] = plain(table.to_dict("records"))
    if json_:
        print_json(rows)
        return
    for row in rows:
        typer.echo("\n".join(_verdict_lines(row)))
    typer.echo(f"{len(table)} claims: {verdict_counts(table)}")


def _line(claim: Any) -> dict[str, str]:
    """Return a claim as cells."""
    from aftershock.claims import EXPECTATIONS

    start, end = claim.window
    against = f" less {claim.against}" if claim.against else ""
    what = f"{claim.measure} of {claim.group}{against} [{start}, {end}]"
    return {
        "claim": claim.id,
        "said": f"{claim.said_at:%Y-%m-%d %H:%M}",
        "measure": what,
        "expected": EXPECTATIONS[claim.expected],
        "text": f"{claim.said_by}: {claim.text}",
    }


def _verdict_lines(row: dict[str, Any]) -> list[str]:
    """Return a verdict as an unbroken head and a detail that a terminal wraps."""
    from aftershock.tables import claim_number

    value, low, high = (
        claim_number(row["measure"], row[k]) for k in ("value", "ci_low", "ci_high")
    )
    interval = f" ({low} to {high})" if row["ci_low"] is not None else ""
    width = screen_width() - 1
    said = [f"{row['claim_id']}: {row['verdict']}"]
    for text in (f"{row['text']}. Measured: {value}{interval}.", row["detail"]):
        said += textwrap.wrap(
            str(text), width, initial_indent=INDENT, subsequent_indent=INDENT
        )
    return said
