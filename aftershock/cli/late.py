"""Groups of commands that are imported when they are used."""

from __future__ import annotations

import importlib
from typing import Any

import typer
from typer.core import TyperGroup


def late_group(module: str) -> type[TyperGroup]:
    """Return a group whose commands are those of `module`'s typer app.

    Parameters
    ----------
    module : str
        A module with an `app`; it is imported at the first look at a command.
    """

    class LateGroup(TyperGroup):
        """A group that loads itself."""

        def _load(self) -> None:
            if not self.commands:
                app = importlib.import_module(module).app
                app.rich_markup_mode = None  # help looks like the program's own
                self.commands.update(typer.main.get_group(app).commands)

        def get_command(self, ctx: Any, cmd_name: str) -> Any:
            """Return a command, loading all of them first."""
            self._load()
            return super().get_command(ctx, cmd_name)

        def list_commands(self, ctx: Any) -> list[str]:
            """Return the names of all commands."""
            self._load()
            return super().list_commands(ctx)

    return LateGroup
