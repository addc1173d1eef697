"""What every test may need: the real prices where they are, a quiet environment."""

from __future__ import annotations

import gc
import os
from pathlib import Path

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
