"""Page 1 of a run over several events: which one it shows, and of how many symbols."""

from __future__ import annotations

import pandas as pd

from aftershock import tables
from aftershock.pages import what_happened


def test_the_choice_names_the_key_of_the_config() -> None:
    """Without `report.focus` the latest is shown: run/inputs.py, and this sentence."""
    assert tables.WHY_THIS == "the latest, unless report.focus of the config names one"


def test_one_symbol_is_no_plural() -> None:
    one, two = (pd.DataFrame({"symbol": list("AB"[:k])}) for k in (1, 2))
    assert what_happened._n(one) == "n = 1 symbol"
    assert what_happened._n(two) == "n = 2 symbols"
