"""Events written to files as a user would write them."""

from pathlib import Path

import pandas as pd
import pytest

from aftershock.errors import EventError
from aftershock.events import load_events

NY = "America/New_York"

GOOD = """\
- id: one
  headline: A deal is signed
  published: 2026-07-01T08:00:00-04:00
  tags: [compute-contract]
  exposures:
    - {symbol: META, role: customer, expected: +1}
    - {symbol: ON, role: supplier, expected: -1, declared: before}
"""
EXPOSURE = "exposures: [{symbol: META, role: actor, expected: +1}]"


def at(text: str) -> pd.Timestamp:
    return pd.Timestamp(text, tz=NY)


def write(folder: Path, text: str, name: str = "mine.yaml") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def load(folder: Path, text: str, name: str = "mine.yaml"):
    return load_events([write(folder, text, name)])


def record(time: str, name: str = "one", tags: str = "[earnings]", more: str = ""):
    exposure = more or EXPOSURE
    return f"- {{id: {name}, headline: H, tags: {tags}, {time}, {exposure}}}\n"


def fault(folder: Path, text: str, name: str = "mine.yaml") -> str:
    with pytest.raises(EventError) as caught:
        load(folder, text, name)
    return str(caught.value)


CSV = """\
id,headline,published,precision,tags,symbol,role,expected
one,A deal,2026-07-01T08:00:00-04:00,exact,compute-contract; earnings,META,actor,1
one,A deal,2026-07-01T08:00:00-04:00,exact,compute-contract; earnings,ON,supplier,-1
two,Another,2026-07-02,day,macro,SPY,market,0
"""


def exposed(*lines: str) -> str:
    return "exposures: [" + ", ".join(f"{{{line}}}" for line in lines) + "]"
