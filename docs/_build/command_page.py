"""The reference of the commands, from the help that they print."""

from __future__ import annotations

import re

HEAD = """# Commands

What `aftershock COMMAND --help` prints, of every command.

"""


def page() -> str:
    """Return every command with its arguments and options."""
    import typer.main
    from typer.cli import get_docs_for_click

    from aftershock.cli import app

    command = typer.main.get_command(app)
    context = command.make_context("aftershock", [], resilient_parsing=True)
    text = get_docs_for_click(obj=command, ctx=context, name="aftershock", indent=1)
    return HEAD + _harmless(text)


def _harmless(text: str) -> str:
    """Return the same with brackets and signs outside of code kept as they are written.

    Help is text: `[default: 5]` is no link, and `<1h` no tag.
    """
    parts = re.split(r"(```.*?```|`[^`\n]*`)", text, flags=re.DOTALL)
    for i in range(0, len(parts), 2):
        parts[i] = parts[i].replace("<", "&lt;").replace("[", "\\[")
    return "".join(parts)
