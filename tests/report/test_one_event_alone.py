"""Small words of pages: which event is shown alone, plurals, capitals, lists."""

from __future__ import annotations

import pandas as pd

from aftershock import tables
from aftershock.pages import days_around, what_happened
from aftershock.view.comparing import flat, said


def test_the_choice_names_the_key_of_the_config() -> None:
    """Without `report.focus` the latest is shown: run/inputs.py, and this sentence."""
    assert tables.WHY_THIS == "the latest, unless report.focus of the config names one"


def test_one_symbol_is_no_plural() -> None:
    one, two = (pd.DataFrame({"symbol": list("AB"[:k])}) for k in (1, 2))
    assert what_happened._n(one) == "n = 1 symbol"
    assert what_happened._n(two) == "n = 2 symbols"


def test_only_the_first_role_of_a_sentence_has_a_capital() -> None:
    assert days_around._named(["upstream-supplier", "sector-fund", "actor"]) == (
        "Upstream suppliers, sector funds and actor"
    )
    assert days_around._on_average("Sector funds left it") == (
        "On average sector funds left it"
    )


def test_lists_are_compared_as_words() -> None:
    """One path, two windows, no tag and a span, as a reader writes them."""
    told = flat(
        {"files": ["a.yaml"], "windows": [[0, 0], [0, 5]], "tags": [], "path": [1, 2]}
    )
    assert {name: said(name, value) for name, value in told.items()} == {
        "files": "a.yaml",
        "windows": "[0, 0], [0, 5]",
        "tags": "none",
        "path": "[1, 2]",
    }
