"""What page 1 says of the part of a move that could still be traded."""

from __future__ import annotations

import pandas as pd
import pytest

from aftershock.pages.cautions import cautions


@pytest.mark.parametrize(
    ("gap", "rest", "said"),
    [
        (0.06, 0.02, "25\u2009% of the move came after the open."),
        (0.06, -0.02, "the open overshot the close-to-close move."),
        (-0.01, 0.05, "the open went the other way."),
    ],
)
def test_the_open_is_said_as_it_was(gap: float, rest: float, said: str) -> None:
    """0.02 of 1.06 x 1.02 - 1 = 0.0812 is a quarter; -0.01, then 0.05, is a turn."""
    row = {"symbol": "AA", "session": "2026-07-01", "car": 0.08, "status": "ok"}
    moves = {"gap": gap, "open_to_close": rest, "ret": (1 + gap) * (1 + rest) - 1}
    told = cautions({"study": {}}, pd.DataFrame([row | moves]))
    (line,) = [text for text in told if text.startswith("AA opened")]
    assert line.endswith(said)
