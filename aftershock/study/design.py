"""The design of a study: what is measured, how, and what is tested."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from aftershock.abnormal import BoolArray, FloatArray
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

    def words(self, *, quiet: bool) -> dict[str, Any]:
        """Return the design in words; `quiet`: without the sessions of other news."""
        span = self.estimation
        cut = f", before {span.before}" if span.before else ""
        return {
            "model": self.model.name,
            "formula": self.model.formula,
            "estimation": f"[{span.start}, {span.end}]{cut}"
            + (", without other news" if quiet else ""),
            "windows": [str(w) for w in self.windows],
        }


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
    made, rows = _known_tests()
    if tests == "all":
        return [test() for test in made], set(rows)
    if tests == "default":
        usual = [
            t
            for t in made
            if t.default and (several_sessions or not t.several_sessions)
        ]
        return [test() for test in usual], {row for t in usual for row in t.rows}
    wanted = [tests] if isinstance(tests, str) else list(tests)
    for name in wanted:
        if name not in rows:
            raise StudyError(
                f"No test is named '{name}'.{suggest(name, rows)}",
                where="tests",
                allowed="default, all, or a list of: " + ", ".join(sorted(rows)),
            )
    return [test() for test in made if set(test.rows) & set(wanted)], set(wanted)


def _known_tests() -> tuple[list[type[SignificanceTest]], list[str]]:
    """Return the tests in order of their names, and the rows they have."""
    known: dict[str, type[SignificanceTest]] = family(
        "aftershock.significance", SignificanceTest
    )
    made = [known[name] for name in sorted(known)]
    return made, [row for test in made for row in test.rows]


def contrast_weights(contrast: Contrast, pairs: pd.DataFrame) -> dict[str, float]:
    """Return the weight of each symbol of a contrast.

    Parameters
    ----------
    contrast
        ``"expected_signs"``: +1 shared equally among the roles expected to rise,
        then among the symbols of a role; -1 likewise among those expected to fall. On
        several sessions each has its own (`session_weights`), and a symbol's mean over
        its sessions is returned. A mapping is taken as it is, not normalised.
    pairs : DataFrame
        The kept pairs that enter tests: session, symbol, role, expected.
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
    signed = pairs.assign(weight=_signs_of_sessions(pairs))
    means = signed[signed["weight"] != 0].groupby("symbol", sort=True)["weight"].mean()
    return {str(symbol): float(weight) for symbol, weight in means.items()}


def session_weights(
    contrast: Contrast, pairs: pd.DataFrame, tested: BoolArray
) -> FloatArray | None:
    """Return the weight of each pair in its own session's portfolio, (N,).

    None where one set of weights serves all: a mapping, no contrast, one session.
    """
    if contrast != "expected_signs" or len(set(pairs.loc[tested, "session"])) < 2:
        return None
    weights = np.zeros(len(pairs))
    weights[tested] = _signs_of_sessions(pairs[tested])
    return weights


def _signs_of_sessions(pairs: pd.DataFrame) -> FloatArray:
    """Share +1 and -1 in each session among its roles, then among their symbols.

    A sign that is not known has no share, like 0.
    """
    sign = np.sign(np.nan_to_num(pairs["expected"].to_numpy(dtype=float)))
    keys = pairs[["session", "role"]].assign(sign=sign)
    alike = keys.groupby(["session", "sign", "role"])["role"].transform("size")
    roles = keys.groupby(["session", "sign"])["role"].transform("nunique")
    return np.asarray(sign / (alike * roles).to_numpy(dtype=float))
