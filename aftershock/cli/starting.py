"""``aftershock init``: a workspace that runs at once."""

from __future__ import annotations

import shlex
import shutil
from pathlib import Path
from typing import Annotated

import typer

from aftershock.errors import AftershockError
from aftershock.registry.reading import shown

STRATEGY = "FirstIdea"

CONFIG = """\
{schema}
# One run that anyone can repeat: aftershock run backtests/first.yaml
title: Meta sells spare computing capacity
events:
  files: [../data/events/my_events.yaml]    # paths count from this file
prices:
  source: {{name: sample}}    # simulated prices; {{name: yahoo}} fetches real ones
study:
  windows: [[0, 0], [0, 5]]
strategies:
  - {{name: {strategy}, hold: 5, threshold: 0.02}}
"""

EVENTS = """\
{schema}
# One record for each piece of news, in your own words; keys and words: the editor
# completes them, and `aftershock events check` proves the file.

- id: my-first-event
  headline: Meta is reported to plan a unit that sells spare AI computing capacity
  earliest: 2026-07-01T04:00:00-04:00
  latest: 2026-07-01T09:29:59-04:00
  precision: session
  tags: [compute-supply, customer-turned-competitor]
  exposures:
    - {{symbol: META, role: actor, expected: +1, declared: after}}
    - {{symbol: CRWV, role: supplier-competitor, expected: -1, declared: after}}
    - {{symbol: NBIS, role: supplier-competitor, expected: -1, declared: after}}
    - {{symbol: NVDA, role: upstream-supplier, expected: -1, declared: after}}
    - {{symbol: SMH, role: sector-fund, expected: 0, declared: after}}
  source:
    name: Bloomberg
    url: {url}
  status: occurred
  recorded_at: {now}    # when this record was written
  selected_by: move    # picked because prices moved: that they did is no surprise
"""
NEWS = (
    "https://www.bloomberg.com/news/articles/2026-07-01/"
    "meta-is-building-a-cloud-business-to-sell-excess-ai-compute"
)

README = """\
# A workspace of aftershock

```
aftershock run backtests/first.yaml
```

leaves a folder in `reports/`: open its `report.html`, or `aftershock view reports`.
The prices are simulated (`source: {{name: sample}}`). For real ones change that one
line of `backtests/first.yaml` to `source: {{name: yahoo}}` and run it again; prices are
then kept in `data/prices/`.

| folder | holds |
|---|---|
| `backtests/` | what to run: one YAML config, one run |
| `data/events/` | what happened: `my_events.yaml` |
| `strategies/` | what to trade: `{module}.py` is yours, `tests/` holds its test |
| `schemas/` | what editors complete and check YAML by (`yaml-language-server`) |
| `reports/` | what came out |

Shipped events need no copy: `files: [../data/events/earnings.yaml]` finds them.

What to try next:

```
aftershock check backtests/first.yaml         # every mistake with its line, or the plan
aftershock events list --tag compute-supply   # the shipped catalogue
aftershock events copy compute-contract data/events
aftershock strategies list
aftershock strategies copy FadeTheShock strategies
aftershock strategies audit strategies/{module}.py --config backtests/first.yaml
python -m pytest tests                        # once: python -m pip install pytest
```

`aftershock schema config > schemas/config.schema.json` after an update, likewise
`events`, `claims` and `baskets`.
"""

ALLOWED = "a folder that is empty, or is not there yet"
IGNORE = "/data/prices/\n/reports/\n.*.lock\n__pycache__/\n"


def init(
    folder: Annotated[
        Path | None, typer.Argument(metavar="DIR", help="New or empty.")
    ] = None,
) -> None:
    """Make a workspace: a config, an event, a strategy; it runs at once."""
    from aftershock.cli.scaffold import lines_of_testing, module_name

    if folder is None:
        raise AftershockError(
            "no folder is named",
            where="aftershock init",
            allowed=ALLOWED,
            do="name it: `aftershock init my_workspace`, or `aftershock init .` where "
            "you stand",
        )
    for path in write_workspace(folder):
        typer.echo(f"Written: {shown(path)}")
    test = Path("tests") / f"test_{module_name(STRATEGY)}.py"
    steps = ["aftershock run backtests/first.yaml", *lines_of_testing(test)]
    # told as the files above are, so that it can be pasted where one stands
    place = shown(folder)
    first = [] if place == "." else [f"cd {shlex.quote(place)}"]
    typer.echo("Next: " + "\n      ".join([*first, *steps]))


def write_workspace(folder: Path) -> list[Path]:
    """Write a first config, event, strategy, its test, schemas and a README.

    Raises
    ------
    AftershockError
        Where the folder is not empty, is a file or cannot be written; nothing is left.
    """
    there = folder.is_dir()
    try:
        _refuse_unless_empty(folder)
    except OSError as error:
        raise _refusal(folder, f"cannot be read: {error.strerror}") from error
    try:
        return _write(folder)
    except OSError as error:
        # it was empty: all that is in it now is ours
        for path in folder.iterdir() if there else ():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        if not there:
            shutil.rmtree(folder, ignore_errors=True)
        raise _refusal(folder, f"cannot be written: {error.strerror}") from error


def _write(folder: Path) -> list[Path]:
    """Write the files, and return them."""
    import pandas as pd

    from aftershock.cli.scaffold import module_name, write_scaffold
    from aftershock.cli.schemas import header, write_schemas
    from aftershock.strategy import known_strategies

    now = pd.Timestamp.now("UTC").isoformat(timespec="seconds")
    words = {"strategy": STRATEGY, "module": module_name(STRATEGY), "url": NEWS}
    config, events = header("config", 1), header("events", 2)
    texts = {
        "README.md": README.format(**words),
        "backtests/first.yaml": CONFIG.format(schema=config, **words),
        "data/events/my_events.yaml": EVENTS.format(schema=events, now=now, **words),
        ".gitignore": IGNORE,
    }
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    strategy = write_scaffold(STRATEGY, folder, set(known_strategies()))
    return [*(folder / name for name in texts), *strategy, *write_schemas(folder)]


def _refuse_unless_empty(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise _refusal(folder, "there is a file of that name")
    if folder.is_dir() and any(folder.iterdir()):
        raise _refusal(folder, "the folder is not empty")


def _refusal(folder: Path, found: str) -> AftershockError:
    return AftershockError(
        found,
        where=str(folder),
        allowed=ALLOWED,
        do="name another folder: aftershock init my_workspace",
    )
