"""The reference of the Python names: one directive of mkdocstrings for each."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

FAMILIES = {
    "aftershock.strategy": ("Strategy", "NewsView", "TradePlan", "Moment"),
    "aftershock.models.base": ("ReturnModel",),
    "aftershock.significance.base": ("SignificanceTest", "Significance"),
    "aftershock.sources.base": ("PriceSource", "Fetched", "panel_from"),
    "aftershock.importers.base": ("EventImporter",),
    "aftershock.pages.base": ("Page",),
    "aftershock.executor": ("Executor", "Serial", "Threads", "Processes", "Dask"),
}
"""What one subclasses or hands over, by the module from which it is imported."""


def public() -> dict[str, list[str]]:
    """Return the names of `import aftershock as af`, by the module they come from."""
    package = import_module("aftershock")
    homes: dict[str, list[str]] = {}
    for name in package.__all__:
        homes.setdefault(package._HOME[name].partition(".")[0], []).append(name)
    return homes


def page() -> str:
    """Return the page of all public names; signatures and texts are the code's own."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# Python\n"
    yield "`import aftershock as af` gives these names, each loaded at its first use.\n"
    elsewhere = {name for names in FAMILIES.values() for name in names}
    for module, names in public().items():
        shown = [name for name in names if name not in elsewhere]
        if shown:
            yield f"## aftershock.{module}\n"
            yield from (f"::: aftershock.{name}\n" for name in shown)
    yield "# What one extends\n"
    for module, names in FAMILIES.items():
        yield f"## {module}\n"
        yield f"`from {module} import {', '.join(names)}`\n"
        yield from (f"::: {module}.{name}\n" for name in names)
