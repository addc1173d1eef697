"""What every importer of events keeps, on the day its file is added."""

from __future__ import annotations

import dataclasses
import inspect
import subprocess
import sys

import pytest

from aftershock.cli.event_drafts import PARAMETERS
from aftershock.importers.base import EventImporter
from aftershock.registry import family

FAMILY = family("aftershock.importers", EventImporter)


@pytest.mark.parametrize("name", sorted(FAMILY))
def test_its_class(name: str) -> None:
    cls = FAMILY[name]
    assert cls.name == name and cls.__doc__
    assert dataclasses.is_dataclass(cls)
    assert cls.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert list(inspect.signature(cls.read).parameters) == ["self", "background"]
    assert isinstance(cls().source, str)
    assert cls.suffixes or cls.remote
    assert set(cls.options) <= {field.name for field in dataclasses.fields(cls)}


def test_each_ending_has_one_importer() -> None:
    endings = [suffix for cls in FAMILY.values() for suffix in cls.suffixes]
    assert len(endings) == len(set(endings))


def test_every_option_means_something_to_one() -> None:
    known = {name for cls in FAMILY.values() for name in cls.options}
    assert set(PARAMETERS.values()) == known


def test_looking_at_the_family_loads_no_client() -> None:
    code = (
        "import sys; from aftershock.registry import family;"
        "from aftershock.importers.base import EventImporter;"
        "family('aftershock.importers', EventImporter);"
        "heavy = ('yfinance', 'trafilatura', 'feedparser', 'pyarrow.parquet');"
        "print([name for name in heavy if name in sys.modules])"
    )
    said = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert said.stdout.strip() == "[]"
