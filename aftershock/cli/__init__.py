"""The commands. Only this folder prints or exits; only `main` catches errors."""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from aftershock.cli.late import late_group
from aftershock.cli.letters import print_anything
from aftershock.cli.looking_back import hindsight
from aftershock.cli.now import now
from aftershock.cli.options import (
    JOBS,
    Accept,
    ConfigPath,
    Engine,
    Json,
    Offline,
    Out,
    Overrides,
    Scheduler,
)
from aftershock.cli.running import accepting, formats_of, run_command, words_of
from aftershock.cli.starting import init
from aftershock.cli.viewing import view
from aftershock.cli.warming import warmup
from aftershock.errors import AftershockError, refusal
from aftershock.registry import engine, shipped
from aftershock.registry.reading import shown

app = typer.Typer(
    name="aftershock",
    help="News events in, tested market reactions and simulated trades out.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Format = Annotated[
    str | None, typer.Option("--format", help="What to draw: pdf,png,svg,html.")
]


def _say_version(wanted: bool) -> None:
    """Print the version and stop."""
    if wanted:
        typer.echo(engine())
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Show the version.", callback=_say_version, is_eager=True
        ),
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", help="Show the traceback of an error.")
    ] = False,
) -> None:
    """News events in, tested market reactions and simulated trades out."""


@app.command()
def run(
    config: ConfigPath,
    out: Out = None,
    set_: Overrides = None,
    offline: Offline = False,
    jobs: Annotated[int, typer.Option(min=1, help="Processes to use.")] = JOBS,
    engine: Engine = None,
    scheduler: Scheduler = None,
    accept: Accept = None,
    format_: Format = None,
) -> None:
    """Run one backtest config into one folder of results."""
    overrides = accepting(config, set_ or (), accept or ())
    run_command(config, out, overrides, offline, jobs, format_, (engine, scheduler))


@app.command()
def demo(out: Out = None, format_: Format = None) -> None:
    """Run the shipped example on the embedded sample."""
    config = shipped("backtests") / "demo.yaml"
    run_command(config, out or Path("reports"), (), True, JOBS, format_)


@app.command()
def check(
    config: ConfigPath,
    set_: Overrides = None,
    json_: Json = False,
    all_: Annotated[
        bool, typer.Option("--all", help="Name every event, symbol and warning.")
    ] = False,
) -> None:
    """Check a config and print the plan of its run."""
    from aftershock.cli.checking import checked_plan
    from aftershock.cli.plan_screen import show_plan

    plan = checked_plan(config, set_ or ())
    if json_:
        typer.echo(json.dumps(plan, indent=2, default=str))
    else:
        show_plan(plan, whole=all_)


@app.command()
def report(
    run_dir: Annotated[Path, typer.Argument(help="The folder of a finished run.")],
    format_: Format = None,
    pages: Annotated[
        str | None, typer.Option(help="Pages to draw, separated by commas.")
    ] = None,
) -> None:
    """Draw the report of a finished run again."""
    wanted = formats_of(format_)
    from aftershock.cli.workspace import workspace_of_run
    from aftershock.report import draw
    from aftershock.results import RunResult
    from aftershock.results.files import drawing_of

    asked = drawing_of(RunResult.load(run_dir).config, run_dir)
    kept = None if asked["pages"] == "default" else asked["pages"]
    drawn = draw(
        run_dir,
        wanted or asked["formats"],
        pages=words_of(pages) or kept,
        paper=asked["paper"],
        jobs=JOBS,
        workspace=workspace_of_run(run_dir),
    )
    typer.echo("\n".join(map(shown, drawn)))


@app.command()
def calibrate(
    config: Annotated[
        Path | None, typer.Argument(help="A backtest config (YAML).")
    ] = None,
    replications: Annotated[
        int | None, typer.Option(min=1, help="Panels to draw.")
    ] = None,
    designs: Annotated[
        str | None, typer.Option(help="own, or designs by name, comma separated.")
    ] = None,
    jobs: Annotated[int, typer.Option(min=1, help="Processes to use.")] = 1,
    engine: Engine = None,
    scheduler: Scheduler = None,
    out: Out = None,
    set_: Overrides = None,
    offline: Offline = False,
    reference: Annotated[
        Path | None,
        typer.Option(help="Write the reference table of the documentation here."),
    ] = None,
    json_: Json = False,
) -> None:
    """Measure how often each test rejects where nothing happened, and its power."""
    from aftershock.cli.calibrating import calibrate_command
    from aftershock.executor import executor_of

    place, names = executor_of(engine, jobs, scheduler), words_of(designs)
    calibrate_command(
        config, set_ or (), names, replications, place, out, reference, json_, offline
    )


@app.command()
def sweep(
    config: ConfigPath,
    jobs: Annotated[int | None, typer.Option(min=1, help="Threads to use.")] = None,
    engine: Engine = None,
    scheduler: Scheduler = None,
    out: Out = None,
    set_: Overrides = None,
    offline: Offline = False,
    json_: Json = False,
) -> None:
    """Trade every setting of a grid; choose on the past and trade the next events.

    The grid stands in the config, beside its strategies. Each name has a list of
    values, and every combination is traded; folds are the blocks of events, each traded
    with what was best on those before it.

    sweep: {grid: {hold: [1, 5, 10], stop_loss: [null, 0.05]}, folds: 4}

    A name is a rule of a trade (hold, stop_loss, take_profit, trailing_stop, lag; null
    is none), a parameter of the strategies, or a key of account. For once, without the
    config: --set 'sweep.grid={hold: [1, 5, 10]}'.
    """
    from aftershock.cli.sweeping import sweep_command
    from aftershock.executor import executor_of

    place = executor_of(engine, jobs, scheduler, usual="threads")
    sweep_command(config, set_ or (), place, out, json_, offline)


@app.command()
def scan(
    config: ConfigPath,
    event: Annotated[
        str | None, typer.Option(help="The event's id; else the config's own.")
    ] = None,
    out: Out = None,
    set_: Overrides = None,
    offline: Offline = False,
    json_: Json = False,
) -> None:
    """Rank every symbol at hand on an event's session: who else moved."""
    from aftershock.cli.scan import scan_command

    scan_command(config, event, set_ or (), out, json_, offline)


for _command in (hindsight, now, view, warmup, init):
    app.command()(_command)


@app.command()
def schema(
    of: Annotated[
        str, typer.Argument(help="config, events, claims or baskets.")
    ] = "config",
) -> None:
    """Print the JSON Schema of a config, or of another kind of file, for editors."""
    from aftershock.cli.schemas import schema_of

    typer.echo(json.dumps(schema_of(of), indent=2))


GROUPS = {
    "claims": "What people said would happen, put to the test.",
    "events": "The catalogue of news events.",
    "ledger": "Headlines recorded when they came, and how their signs fared.",
    "prices": "The local price store.",
    "strategies": "What can be traded: strategies by name.",
}
for _name, _help in GROUPS.items():
    _group = typer.Typer(cls=late_group(f"aftershock.cli.{_name}"))
    app.add_typer(_group, name=_name, help=_help, no_args_is_help=True)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run one command and exit: 0 done, 2 wrong input, 3 no data, 1 our defect.

    Parameters
    ----------
    arguments : sequence of str, optional
        The command line without the program; by default the process's own.
    """
    print_anything()
    given = list(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in given
    try:
        # --debug is taken wherever it stands, also behind the command.
        app([a for a in given if a != "--debug"], prog_name="aftershock")
    except AftershockError as error:
        if debug:
            traceback.print_exc()
        print(_message(error, given), file=sys.stderr)
        raise SystemExit(error.exit_code) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    except OSError as error:
        refused = refusal(error)
        if debug or refused is None:
            traceback.print_exc()
        if refused is not None:
            print(_message(refused, given), file=sys.stderr)
        raise SystemExit(refused.exit_code if refused else 1) from None
    except Exception:
        traceback.print_exc()
        raise SystemExit(1) from None
    raise SystemExit(0)


def _message(error: AftershockError, given: Sequence[str]) -> str:
    """Return the error with the notes that were added on its way up."""
    told = error.whole(" ".join(["aftershock", *given[:2]]))
    return "\n".join(["Error: " + told, *getattr(error, "__notes__", ())])
