"""What a run's id knows beside the events it studies: whatever its pages tell."""

from __future__ import annotations

from pathlib import Path

from aftershock.config import load_config
from aftershock.run.claims import obtain_with_claims
from tests.claims.world import claim_text
from tests.run.test_steps import EVENT, MORNING, inputs_of, write

ONE = ", where: {ids: [a]}"
BASKET = """
duo:
  name: Two of them
  rule: made up
  members: [{symbol: META}, {symbol: CRWV, from: 2025-03-28DATE}]
"""


def digest_beside(folder: Path, published: str) -> str:
    """Return the id of a run of event `a` alone, another event standing beside it."""
    folder.mkdir()
    path = write(folder, ("a", MORNING, "before"), more=ONE)
    other = EVENT.format(id="b", published=published, declared="before")
    events = folder / "events.yaml"
    events.write_text(events.read_text() + other)
    return inputs_of(path).digest


def test_the_id_knows_the_other_news_that_is_told(tmp_path: Path) -> None:
    """The path is [-10, 20]: two sessions on is told, and which; months away is not."""
    days = ["2026-04-24", "2026-04-23", "2026-01-21", "2026-01-22"]
    near, nearer, far, elsewhere = (
        digest_beside(tmp_path / day, f"{day}T08:00:00-04:00") for day in days
    )
    assert far == elsewhere
    assert len({near, nearer, far}) == 3


def test_the_id_knows_when_members_of_a_claims_basket_belong_to_it(
    tmp_path: Path,
) -> None:
    """CRWV leaves the basket in 2026, on the day before the news or a month after."""
    path = write(tmp_path, ("a", MORNING, "before"))
    path.write_text(path.read_text() + "claims: [claims.yaml]\n")
    body = "measure: mean_ar\nbasket: duo\nwindow: [0, 0]\nexpected: +1"
    (tmp_path / "claims.yaml").write_text(claim_text(body, about="event: a"))
    (tmp_path / "data").mkdir()
    ids = []
    for until in (", to: 2026-05-22", ", to: 2026-04-21", ", to: 2026-05-22"):
        (tmp_path / "data" / "baskets.yaml").write_text(BASKET.replace("DATE", until))
        ids.append(obtain_with_claims(load_config(path)).digest)
    assert ids[0] == ids[2] != ids[1]
