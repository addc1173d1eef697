"""One session on two pages: what its abnormal returns are measured against."""

from __future__ import annotations

from pathlib import Path

import pytest

from aftershock.run.measuring import study_of
from aftershock.tables import beyond_of_paths
from tests.run.test_steps import MORNING, inputs_of, write


def test_pages_of_single_sessions_differ_by_alpha_from_those_of_windows(
    tmp_path: Path,
) -> None:
    """a + b Rm is taken off in a window, b Rm in a path (methods.md): a is left."""
    study = study_of(inputs_of(write(tmp_path, ("a", MORNING, "before"))))
    day = study.cars[(study.cars["start"] == 0) & (study.cars["end"] == 0)]
    paths = study.paths[(study.paths["offset"] == 0) & (study.paths["symbol"] != "")]
    fits = study.pairs.set_index("symbol")
    for symbol in ("META", "CRWV"):
        window = day.set_index("symbol").loc[symbol, "car"]
        path = paths.set_index("symbol").loc[symbol, "ar"]
        assert path - window == pytest.approx(fits.loc[symbol, "alpha"], abs=1e-12)
    assert set(paths["model"]) == {"market_no_alpha"}


@pytest.mark.parametrize(
    ("model", "studied", "said"),
    [
        (
            "market_no_alpha",
            "market",
            "beyond beta alone (market no alpha); windows, as on page 1, take off the "
            "fitted alpha too",
        ),
        ("mean", "mean", "beyond their mean (mean)"),
        ("market_adjusted", "market_adjusted", "beyond the market (market adjusted)"),
        ("market_no_alpha", "market_no_alpha", "beyond their betas (market no alpha)"),
    ],
)
def test_what_it_is_measured_against(model: str, studied: str, said: str) -> None:
    assert beyond_of_paths(model, studied) == said
