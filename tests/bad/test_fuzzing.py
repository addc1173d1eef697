"""Whatever bytes a file holds, a loader returns or refuses: it never breaks.

``AFTERSHOCK_FUZZ=20000 pytest tests/bad/test_fuzzing.py`` fuzzes for long.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aftershock.claims import load_claims
from aftershock.config import load_config
from aftershock.errors import AftershockError
from aftershock.events import load_events
from aftershock.events.baskets import load_lexicon
from aftershock.events.nodes import Problems
from aftershock.results.files import read_manifest, read_table, read_yaml
from aftershock.sources.bars import read_bars
from aftershock.sources.base import panel_from
from aftershock.sources.folder import FolderSource
from tests.bad.test_bad_prices import HEAD
from tests.bad.test_bad_yaml import BASKET, CLAIM, CONFIG, EVENT

MOST = int(os.environ.get("AFTERSHOCK_FUZZ", "12"))
ROWS = "".join(
    f"2026-06-{day:02},{day},{day + 2},{day - 1},{day + 1},{day + 1},{day}00\n"
    for day in range(8, 27)
)
BARS = "timestamp,open,high,low,close,volume\n" + "".join(
    f"2026-04-30T13:{minute:02}:00+00:00,10,11,9,10,{minute}\n"
    for minute in range(30, 60, 5)
)
RUN = json.dumps({"id": "a", "name": "b", "headline": {"text": "x"}, "counts": {}})


def config(path: Path) -> None:
    load_config(path)


def events(path: Path) -> None:
    load_events([path])


def claims(path: Path) -> None:
    load_claims([path])


def baskets(path: Path) -> None:
    problems = Problems()
    load_lexicon(path.parent.parent, problems)
    problems.stop_if_any()


def prices(path: Path) -> None:
    fetched = FolderSource(path).fetch(FolderSource(path).symbols())
    severe = [d.id for d in fetched.defects if d.rule != "corrupt_file"]
    for basis in ("split", "total_return"):
        panel_from(fetched.accepting(severe), basis)


def bars(path: Path) -> None:
    read_bars(path, "5min")


def tables(path: Path) -> None:
    read_table(path)


def manifest(path: Path) -> None:
    read_manifest(path)


def saved_config(path: Path) -> None:
    read_yaml(path)


LOADERS: dict[str, tuple[Callable[[Path], None], str, str]] = {
    "config": (config, "backtests/a.yaml", CONFIG),
    "events": (events, "a.yaml", EVENT),
    "events_csv": (
        events,
        "a.csv",
        "id,headline,published,tags,symbol,role,expected\n"
        "own,A deal,2026-07-01,compute-contract,META,customer,+1\n",
    ),
    "claims": (claims, "a.yaml", CLAIM),
    "baskets": (baskets, "data/baskets.yaml", BASKET),
    "prices": (prices, "META.csv", HEAD + ROWS),
    "prices_json": (prices, "META.json", '[{"date": "2026-07-01", "close": 5}]'),
    "bars": (bars, "META_5m.csv", BARS),
    "table": (tables, "cars.csv", "event_id,symbol,session,car\na,ON,2026-07-01,0.1\n"),
    "manifest": (manifest, "run.json", RUN),
    "saved_config": (saved_config, "config.yaml", CONFIG),
}
TOKENS = (
    "", "\n", " ", ",", ":", "- ", "[", "]", "{", "}", '"', "'", "&a ", "*a", "!x ",
    "#", "|", ">", "%", "@", "`", "~", "null", "true", "ON", "0", "-1", "1e999", "nan",
    ".inf", "0x10", "1_0", "9" * 30, "2026-02-30", "0000-00-00", "9999-12-31", "1e-320",
    "-0", "\x00", "\ufeff", "\u2028", "\x85", "\r", "\t", "²", "١", "İ", "<<: ", "? ",
    "---\n", "...\n", "=1+1", "../", "^", "now", "NaT", "1700-01-01", "\ud7ff",
)  # fmt: skip
"""What is put in the place of something else."""
EDIT = st.tuples(
    st.floats(0, 1), st.integers(0, 30), st.sampled_from(TOKENS) | st.text(max_size=6)
)


def mutated(text: str, edits: list[tuple[float, int, str]]) -> str:
    """Return a document with some pieces exchanged."""
    for where, length, piece in edits:
        at = int(where * len(text))
        text = text[:at] + piece + text[at + length :]
    return text


def stands(name: str, folder: Path, content: bytes) -> None:
    """Load a file of that content: it may be refused, and nothing else."""
    loader, place, _ = LOADERS[name]
    path = folder / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    allowed: tuple[type[Exception], ...] = (AftershockError,)
    if name in ("table", "manifest", "saved_config"):  # their reader says which run
        allowed = (AftershockError, ValueError, OSError, RecursionError)
    try:
        loader(path)
    except allowed:
        return


CAREFUL = settings(
    max_examples=MOST,
    deadline=None,
    database=None,
    derandomize=MOST <= 25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.mark.parametrize("name", LOADERS)
@CAREFUL
@given(edits=st.lists(EDIT, min_size=1, max_size=5))
def test_mutated_documents(
    tmp_path: Path, name: str, edits: list[tuple[float, int, str]]
) -> None:
    text = mutated(LOADERS[name][2], edits)
    stands(name, tmp_path, text.encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize("name", LOADERS)
@CAREFUL
@given(content=st.binary(max_size=200))
def test_bytes(tmp_path: Path, name: str, content: bytes) -> None:
    stands(name, tmp_path, content)
