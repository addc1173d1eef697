"""What every price source keeps, on the day its file is added."""

from __future__ import annotations

import dataclasses
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

from aftershock.registry import family
from aftershock.sources.base import COLUMNS, PriceSource

FAMILY = family("aftershock.sources", PriceSource)
LOCAL = [name for name, cls in FAMILY.items() if not cls.remote]


@pytest.mark.parametrize("name", sorted(FAMILY))
def test_its_class(name: str) -> None:
    cls = FAMILY[name]
    assert cls.name == name and cls.__doc__
    assert dataclasses.is_dataclass(cls)
    assert cls.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert list(inspect.signature(cls.fetch).parameters)[1:4] == [
        "symbols",
        "start",
        "end",
    ]


def make(name: str, folder: Path) -> PriceSource:
    """Return a source that knows META."""
    if name != "folder":
        return FAMILY[name]()
    rows = "\n".join(f"2026-07-0{day},10,11,9,10,10,5" for day in (1, 2))
    head = "date,open,high,low,close,adj_close,volume"
    (folder / "META.csv").write_text(f"{head}\n{rows}\n")
    return FAMILY[name](path=folder)


@pytest.mark.parametrize("name", LOCAL)
def test_what_it_gives(name: str, tmp_path: Path) -> None:
    fetched = make(name, tmp_path).fetch(["META", "N0PE"], "2026-07-01", "2026-07-02")
    assert fetched.missing == {"N0PE": "no_prices"}
    bars = fetched.bars["META"]
    assert set(bars.columns) == set(COLUMNS)
    assert list(bars.index.strftime("%Y-%m-%d")) == ["2026-07-01", "2026-07-02"]
    assert bars.index.unit == "us" and bars.index.tz is None
    assert (bars.dtypes == "float64").all()
    (origin,) = fetched.provenance
    expected = [
        "symbol",
        "source",
        "sha256",
        "rows",
        "first",
        "last",
        "fetched_at",
        "note",
    ]
    assert list(origin) == expected
    assert (origin["symbol"], origin["source"], origin["rows"]) == ("META", name, 2)


def test_looking_at_the_family_loads_no_client() -> None:
    code = (
        "import sys; from aftershock.registry import family;"
        "from aftershock.sources.base import PriceSource;"
        "family('aftershock.sources', PriceSource); print('yfinance' in sys.modules)"
    )
    said = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert said.stdout.strip() == "False"
