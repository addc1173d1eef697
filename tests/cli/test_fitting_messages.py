"""What a command's own words did wrong is answered for that command.

What is usual for files of events (`events check`) or for prices (`prices fetch`)
mends nothing that was typed.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from aftershock.cli import app
from aftershock.cli.event_exporting import export_command
from aftershock.errors import AftershockError, DataUnavailable
from aftershock.events import EventSet
from aftershock.events.spoken import check_words, read_exposures, read_moves
from aftershock.sources.base import Fetched, panel_from

NONE = EventSet(())


def typed(*words: str) -> Callable[[], object]:
    def run() -> object:
        made = CliRunner().invoke(app, list(words))
        assert made.exception is not None
        raise made.exception

    return run


CASES: dict[str, Callable[[], object]] = {
    "'META=abc' is no move": lambda: read_moves(["META=abc"], ["META"]),
    "'NVDA' is not among": lambda: read_moves(["NVDA=1"], ["META"]),
    "'META' is named twice": lambda: read_exposures(["META:+", "META:-"]),
    "'meta' is not a symbol": lambda: read_exposures(["meta:+"]),
    "no sign": lambda: read_exposures(["META"]),
    "unknown role 'acter'": lambda: read_exposures(["META:+:acter"]),
    "the headline has 0": lambda: check_words(" ", ["macro"]),
    "unknown tag 'macros'": lambda: check_words("H", ["macros"]),
    "no tag": lambda: check_words("H", []),
    "the ending '.doc' says": lambda: export_command(NONE, Path("a.doc"), force=True),
    "no event is scheduled": lambda: export_command(NONE, Path("a.ics"), force=True),
    "2200-01-01T00:00:00Z lies": typed(
        *("now", "H", "META:+", "--tag", "macro", "--as-of", "2200-01-01T00:00:00Z")
    ),
    "no shipped file and no tag": typed("events", "copy", "zzz", "."),
}


@pytest.mark.parametrize("found", CASES)
def test_every_part_fits_the_command(found: str) -> None:
    with pytest.raises(AftershockError) as caught:
        CASES[found]()
    error = caught.value
    assert error.found.startswith(found)
    assert error.where and error.allowed and error.do
    told = error.whole("aftershock now")
    assert told.startswith(f"{error.where}: {found}")
    assert "aftershock events check" not in told
    assert "aftershock prices fetch" not in told


def test_a_list_behind_a_colon_leaves_the_place() -> None:
    with pytest.raises(DataUnavailable) as caught:
        panel_from(Fetched({}, {"META": "no_prices"}))
    told = caught.value.whole("aftershock run")
    assert told.startswith("the source of prices: no prices for any symbol: META")
