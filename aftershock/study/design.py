"""The design of a study: what is measured, how, and what is tested."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from aftershock.errors import StudyError
from aftershock.models.base import ReturnModel
from aftershock.registry import build, choose, family, suggest
from aftershock.significance.base import SignificanceTest
from aftershock.study.placebo import PlaceboPlan
from aftershock.windows import EstimationWindow, EventWindow, hull

Contrast = str | Mapping[str, float] | None


@dataclass(frozen=True)
class StudyDesign:
    """Everything about a study but its events and prices.

    Parameters
    ----------
    model, estimation, windows
        As in the config.
    event : EventWindow, optional
        The event window; default the hull of `windows`.
    tests : "default", "all" or names
    contrast : "expected_signs", mapping of symbol to weight, or None
    by : str, optional
        Column of the pairs whose values make groups: role, symbol, tag.
    """

    model: ReturnModel
    estimation: EstimationWindow = field(default_factory=EstimationWindow)
    windows: tuple[EventWindow, ...] = (EventWindow(0, 0),)
    event: EventWindow | None = None
    tests: str | Sequence[str] = "default"
    contrast: Contrast = None
    placebo: PlaceboPlan = field(default_factory=PlaceboPlan)
    by: str | None = None
    seed: int = 0

    @property
    def event_window(self) -> EventWindow:
        """The event window when given, else the hull of the tested windows.

        A tested window may reach past a given event window; then the hull counts.
        """
        return hull([*self.windows, *([self.event] if self.event else [])])


def find_model(model: str | ReturnModel, **parameters: Any) -> ReturnModel:
    """Return a return model by name, or as it is.

    Raises
    ------
    AftershockError
        For an unknown name or parameter; the closest is suggested.
    """
    if isinstance(model, ReturnModel):
        return model
    known = family("aftershock.models", ReturnModel)
    cls = choose("model", model, known)
    made: ReturnModel = build("model", cls, parameters)
    return made


def find_tests(
    tests: str | Sequence[str], several_sessions: bool
) -> tuple[list[SignificanceTest], set[str]]:
    """Return the tests to run and the rows to show.

    Raises
    ------
    StudyError
        For a name that no test has.
    """
    known = family("aftershock.significance", SignificanceTest)
    made: list[SignificanceTest] = [known[name]() for name in sorted(known)]
    rows = {row: test for test in made for row in test.rows}
    if tests == "all":
        return made, set(rows)
    if tests == "default":
        chosen = [
            t
            for t in made
            if t.default and (several_sessions or not t.several_sessions)
        ]
        return chosen, {row for t in chosen for row in t.rows}
    wanted = [tests] if isinstance(tests, str) else list(tests)
    for name in wanted:
        if name not in rows:
            raise StudyError(
                f"No test is named '{name}'.{suggest(name, rows)}",
                where="tests",
                allowed="default, all, or a list of: " + ", ".join(sorted(rows)),
            )
    return [t for t in made if set(t.rows) & set(wanted)], set(wanted)


def contrast_weights(contrast: Contrast, pairs: pd.DataFrame) -> dict[str, float]:
    """Return the weight of each symbol of a contrast.

    Parameters
    ----------
    contrast
        ``"expected_signs"``: +1 shared equally among the roles expected to rise,
        then among the symbols of a role; -1 likewise among those expected to fall.
        A symbol of which some events expect a rise and others a fall has weight 0:
        one set of weights cannot say both. A mapping is taken as it is, not
        normalised.
    pairs : DataFrame
        The kept pairs that enter tests: symbol, role, expected.
    """
    if contrast is None:
        return {}
    if not isinstance(contrast, str):
        return {str(symbol): float(weight) for symbol, weight in contrast.items()}
    if contrast != "expected_signs":
        raise StudyError(
            f"found '{contrast}'",
            where="contrast",
            allowed="expected_signs, or weights such as {META: 1, CRWV: -0.5}",
        )
    rising, falling = (
        set(pairs.loc[pairs["expected"] == s, "symbol"]) for s in (1, -1)
    )
    weights = {str(symbol): 0.0 for symbol in sorted(rising & falling)}
    plain = pairs[~pairs["symbol"].isin(list(weights))]
    for sign in (1, -1):
        side = plain[plain["expected"] == sign].drop_duplicates("symbol")
        roles = side.groupby("role", sort=True)["symbol"]
        for _, symbols in roles:
            for symbol in sorted(symbols):
                weights[symbol] = sign / len(roles) / len(symbols)
    return weights
