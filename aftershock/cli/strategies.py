"""``aftershock strategies``: what a config can name."""

from __future__ import annotations

import inspect
import json
from pathlib import Path
from typing import Annotated, Any

import typer

app = typer.Typer(help="What can be traded.", no_args_is_help=True)

Workspace = Annotated[
    Path, typer.Option("--workspace", help="Folder that holds strategies/.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command(name="list")
def list_(workspace: Workspace = Path(), json_: Json = False) -> None:
    """Show every strategy: its name, what it does, its parameters."""
    from aftershock.strategy import known_strategies

    found = sorted(known_strategies(workspace).items())
    rows = [_described(name, cls) for name, cls in found]
    if json_:
        typer.echo(json.dumps(rows, indent=2))
        return
    for row in rows:
        fields = ", ".join(f"{key}={value}" for key, value in row["parameters"].items())
        typer.echo(f"{row['name']}  {row['summary']}\n    {fields}")


@app.command()
def show(
    name: Annotated[str, typer.Argument(help="A strategy's name.")],
    workspace: Workspace = Path(),
    json_: Json = False,
) -> None:
    """Show one strategy: its thesis, source, parameters and file."""
    from aftershock.registry import choose
    from aftershock.strategy import known_strategies

    row = _described(name, choose("strategy", name, known_strategies(workspace)))
    if json_:
        typer.echo(json.dumps(row, indent=2))
        return
    typer.echo(f"{row['name']} ({row['file']})\n\n{row['thesis']}\n\nParameters")
    for key, value in row["parameters"].items():
        typer.echo(f"  {key} = {value}")


def _described(name: str, cls: type[Any]) -> dict[str, Any]:
    """Return a strategy as plain values."""
    from aftershock.strategy.base import parameters

    thesis = inspect.getdoc(cls) or ""
    return {
        "name": name,
        "summary": thesis.partition("\n")[0],
        "parameters": {k: _plain(v) for k, v in parameters(cls).items()},
        "file": inspect.getsourcefile(cls) or "",
        "thesis": thesis,
    }


def _plain(value: Any) -> Any:
    kept = value is None or isinstance(value, (bool, int, float, str))
    return value if kept else str(value)
