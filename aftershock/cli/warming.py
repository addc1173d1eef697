"""``aftershock warmup``: compile ahead what the first run would wait for."""

from __future__ import annotations

import dataclasses

import typer

from aftershock.cli.options import Json
from aftershock.registry.reading import shown


def warmup(json_: Json = False) -> None:
    """Compile the trading kernels now, so that the first run does not wait for them.

    Once a machine and version; the machine code is kept on disk.
    """
    from aftershock.cli.listing import print_json
    from aftershock.warmup import warm_up

    done = warm_up()
    if json_:
        print_json([dataclasses.asdict(one) for one in done])
        return
    for one in done:
        what = "compiled" if one.compiled else "already compiled, loaded"
        typer.echo(f"{one.kernel}: {what} in {one.seconds:.1f} s")
    total = sum(one.seconds for one in done)
    typer.echo(f"Ready after {total:.1f} s; kept in {shown(done[0].folder)}")
