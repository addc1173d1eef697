"""``aftershock strategies``: what a config can name."""

from __future__ import annotations

import inspect
import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from aftershock.cli.copying import copy_strategy
from aftershock.cli.listing import OWN, origin_of
from aftershock.cli.options import Json, Offline, Overrides
from aftershock.registry.reading import shown

app = typer.Typer(help="What can be traded.", no_args_is_help=True)
app.command("copy")(copy_strategy)

Workspace = Annotated[
    Path, typer.Option("--workspace", help="Folder that holds strategies/.")
]


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
        if row["origin"] == OWN:
            typer.echo(f"    of your workspace: {shown(row['file'])}")


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
    typer.echo(f"{row['name']} ({row['file']})\n\n{row['thesis']}\n\nValues")
    for key, value in row["parameters"].items():
        typer.echo(f"  {key} = {value}")


@app.command()
def new(
    name: Annotated[str, typer.Argument(help="Of the class: FollowTheLeader.")],
    workspace: Workspace = Path(),
) -> None:
    """Write a strategy that works, and its test, into the workspace."""
    from aftershock.cli.scaffold import lines_of_testing, write_scaffold
    from aftershock.strategy import known_strategies

    paths = write_scaffold(name, workspace, set(known_strategies(workspace)))
    for path in paths:
        typer.echo(f"Written: {shown(path)}")
    typer.echo("Next: write its plan, name it under strategies in a config, then")
    for line in lines_of_testing(Path(shown(paths[1]))):
        typer.echo(line)
    typer.echo(f"aftershock strategies audit {shown(paths[0])} --config CONFIG")


@app.command()
def audit(
    files: Annotated[list[Path], typer.Argument(help="Files with strategies.")],
    config: Annotated[
        Path | None,
        typer.Option(
            "--config",
            help="The config whose events are decided on; else all shipped events, "
            "on simulated prices.",
        ),
    ] = None,
    set_: Overrides = None,
    offline: Offline = False,
    json_: Json = False,
) -> None:
    """Find out whether plans depend on what could not be known; 2 if one does."""
    from aftershock.run.auditing import audit_files

    found = audit_files(files, config, set_ or (), offline=offline)
    if json_:
        typer.echo(json.dumps([asdict(report) for report in found], indent=2))
    else:
        for line in dict.fromkeys(report.asked for report in found):
            typer.echo(line)
        for report in found:
            typer.echo(str(report))
    if any(report.leaks for report in found):
        raise typer.Exit(2)


def _described(name: str, cls: type[Any]) -> dict[str, Any]:
    """Return a strategy as plain values."""
    from aftershock.strategy.base import parameters

    thesis, file = inspect.getdoc(cls) or "", inspect.getsourcefile(cls) or ""
    return {
        "name": name,
        "summary": thesis.partition("\n")[0],
        "parameters": {k: _plain(v) for k, v in parameters(cls).items()},
        "file": file,
        "origin": origin_of(file, "strategies"),
        "thesis": thesis,
    }


def _plain(value: Any) -> Any:
    kept = value is None or isinstance(value, (bool, int, float, str))
    return value if kept else str(value)
