"""What every test may need: the real prices where they are, a quiet environment."""

from __future__ import annotations

import gc
import importlib
import os
from pathlib import Path

import numpy as np
import pytest

# a test session holds millions of objects; often looking through them is for nothing
gc.set_threshold(50_000, 50, 100)

ROOT = Path(__file__).resolve().parent.parent


def realdata_folder() -> Path:
    """Return the folder of real prices, which are not part of the project."""
    default = ROOT.parent / "shared" / "data"
    return Path(os.environ.get("AFTERSHOCK_REALDATA", default))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs real prices where there are none."""
    folder = realdata_folder()
    if (folder / "prices").is_dir():
        return
    skip = pytest.mark.skip(reason=f"real prices are not at {folder}")
    for item in items:
        if "realdata" in item.keywords:
            item.add_marker(skip)


@pytest.fixture
def realdata() -> Path:
    """Folder of the real prices."""
    return realdata_folder()


@pytest.fixture
def interpreted(monkeypatch):
    """Run the kernel as plain Python, so that a debugger and coverage see it."""
    import numba

    from aftershock.fills import alone, arrays, costs, entries, exits, kernel

    def book(*sizes):
        blank = arrays.blank_book(*sizes)
        views = {n: getattr(blank, n).view(np.recarray) for n in ("trades", "days")}
        return blank._replace(**views)

    def records(dtype, **fields):
        return arrays.records(dtype, **fields).view(np.recarray)

    simulation = importlib.import_module("aftershock.fills.simulate")
    market = importlib.import_module("aftershock.fills.market")
    monkeypatch.setattr(simulation, "blank_book", book)
    sweeping = importlib.import_module("aftershock.sweep")
    monkeypatch.setattr(sweeping, "blank_book", book)
    sheet = importlib.import_module("aftershock.fills.sheet")
    monkeypatch.setattr(sheet, "records", records)
    monkeypatch.setattr(market, "records", records)
    monkeypatch.setattr(numba.config, "DISABLE_JIT", True)
    parts = (costs, exits, entries, kernel, alone)
    for part in parts:
        importlib.reload(part)
    yield
    monkeypatch.undo()
    for part in parts:
        importlib.reload(part)
