"""``aftershock view``: finished runs on a page of this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def view(
    folder: Annotated[
        Path, typer.Argument(metavar="RUN", help="A run, or a folder of runs.")
    ] = Path("reports"),
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="0 takes one that is free.")
    ] = 0,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open a browser.")
    ] = True,
) -> None:
    """Show runs in a browser: their reports side by side, what changed between two."""
    from aftershock.view import make_server

    server = make_server(folder, port)
    address = f"http://127.0.0.1:{server.server_port}/"
    name = folder if folder.name else folder.resolve().name  # "." tells nothing
    typer.echo(f"{name} at {address} (Ctrl+C ends it)")
    if browser:
        import webbrowser

        webbrowser.open(address)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        typer.echo("")
    finally:
        server.server_close()
