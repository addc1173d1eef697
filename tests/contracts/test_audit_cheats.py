"""The audit names every cheat of `cheats`, and what each of them did."""

from __future__ import annotations

import hashlib
import pickle
import sqlite3
import sys
from itertools import count
from pathlib import Path

import numpy as np
import pytest

from aftershock.registry import load_file
from aftershock.strategy import NewsItem, Strategy, decide, read_news
from aftershock.strategy import audit as causes
from aftershock.strategy.audit import (
    CHANCE,
    FRAMES,
    KEPT,
    ORDER,
    OUTSIDE,
    TAMPERED,
    Engine,
    Leak,
    survey,
)
from tests.contracts.cheats import CHEATS, HEAD, LEGITIMATE, TABLES, Cheat
from tests.contracts.test_strategies import news_of, shocked
from tests.scenarios import CALENDAR

PRICES = shocked()
HEADLINES = {"e1": "one rises", "e2": "two falls", "e3": "three", "e": "four"}
NEWS = news_of(PRICES)
ITEMS = read_news(NEWS.assign(headline=NEWS["event_id"].map(HEADLINES)), CALENDAR)
KINDS = {
    "reads": OUTSIDE,
    "imports": OUTSIDE,
    "frames": FRAMES,
    "draws": CHANCE,
    "keeps": KEPT,
    "tampers": TAMPERED,
}
NUMBER = count()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with invented prices of AAA in many shapes."""
    path = tmp_path_factory.mktemp("prices")
    rows = "date,open,high,low,close,adj_close,volume\n2025-01-02,1,1,1,1,1,1\n"
    (path / "AAA.csv").write_text(rows)
    np.save(path / "AAA.npy", np.ones(3))
    (path / "AAA.pickle").write_bytes(pickle.dumps(3))
    base = sqlite3.connect(path / "prices.db")
    base.execute("create table aaa(close real)")
    base.execute("insert into aaa values (1)")
    base.commit()
    base.close()
    (path / "beside_it.py").write_text("import sqlite3\n")
    return path


def found_in(text: str, folder: Path, items=ITEMS) -> tuple[Leak, ...]:
    """Write a file, import it and ask for what the audit finds."""
    path = folder / f"mine_{next(NUMBER)}.py"
    path.write_text(text)
    engine = Engine()
    made = load_file(path, Strategy)["Mine"]
    return survey(made, items, PRICES, CALENDAR, "SPY", engine=engine)


def grave(found: tuple[Leak, ...]) -> list[Leak]:
    return [leak for leak in found if leak.grave]


@pytest.mark.parametrize("name", CHEATS)
@pytest.mark.filterwarnings("ignore")
def test_every_cheat_is_named(name: str, folder: Path) -> None:
    """State shows in the plans of events; what is reached for, also in the file."""
    kind = name.partition(":")[0]
    items = {"keeps": ITEMS, "tampers": ITEMS[:2]}.get(kind, ITEMS[:1])
    found = grave(found_in(CHEATS[name].source(str(folder)), folder, items))
    assert {leak.strategy for leak in found} == {"Mine"}
    named = {leak.cause for leak in found}
    if kind == "keeps":
        assert named & {KEPT, ORDER, TAMPERED}
        assert any(leak.event and leak.field == "weight" for leak in found) or (
            TAMPERED in named
        )
    else:
        assert KINDS[kind] in named


def test_a_tracer_that_was_there_is_there_afterwards(folder: Path) -> None:
    """Else the audit of such a file would end a debugger's session, or coverage."""
    before = sys.gettrace()

    def tracer(*_: object) -> None:
        return None

    sys.settrace(tracer)
    try:
        found_in(CHEATS["frames: a tracer"].source(str(folder)), folder, ITEMS[:1])
        kept = sys.gettrace()
    finally:
        sys.settrace(before)
    assert kept is tracer


KEYED = """
TABLE = {table}

@dataclass(frozen=True)
class Mine(Strategy):
    decide: Moment = Moment.event_close

    def plan(self, news):
        day = str(news.event.session.date())
        if {key} in TABLE:
            yield TradePlan("AAA", weight=0.1 * TABLE[{key}])
"""


def key_of(item: NewsItem, template: str) -> str:
    """Return what a table knows an event by."""
    row = PRICES.sessions.get_loc(item.session)
    close = PRICES.close["AAA"].to_numpy()
    return template.format(
        id=item.id,
        digest=hashlib.md5(item.id.encode()).hexdigest(),
        headline=item.headline,
        day=f"{item.session:%Y-%m-%d}",
        close=f"{close[row]:.2f}",
        reaction=f"{reactions()[item.id]:.10f}",
    )


def reactions() -> dict[str, float]:
    """Return what the event session did to AAA, as a view tells it."""
    from tests.news_views import Recorder

    seen: list = []
    decide(Recorder((seen,)), ITEMS, PRICES, CALENDAR, "SPY")
    return {view.event.id: view.abnormal_return("AAA") for view in seen}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_of_outcomes_is_named(name: str, folder: Path) -> None:
    cause, template, key = TABLES[name]
    table = {key_of(i, template): 1 - 2 * (n % 2) for n, i in enumerate(ITEMS)}
    found = grave(found_in(HEAD + KEYED.format(table=table, key=key), folder))
    assert {leak.event for leak in found if leak.event} >= {"e1", "e2", "e3", "e"}
    assert getattr(causes, cause) in {leak.cause for leak in found}
    assert "plans" in {leak.field for leak in found}


WARNED = {
    "drawn by id": "NAMES",
    "the year": "DAYS",
    "whole shares": "LEVELS",
}


@pytest.mark.parametrize("name", LEGITIMATE)
def test_no_false_alarm(name: str, folder: Path) -> None:
    plan = 'yield TradePlan("AAA", weight=DRAW(news))'
    text = Cheat(plan, (), LEGITIMATE[name]).source("")
    found = found_in(text, folder)
    assert grave(found) == []
    expected = {getattr(causes, WARNED[name])} if name in WARNED else set()
    assert {leak.cause for leak in found} == expected
