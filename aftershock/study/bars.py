"""A study on bars: slots for sessions, bars of the news for dates, scale by slot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from aftershock.calendar import NEW_YORK
from aftershock.errors import StudyError
from aftershock.intraday.slots import BarDesign, Slots, bar_slots, event_bars
from aftershock.intraday.time_of_day import TimeOfDay
from aftershock.models.base import ReturnModel

DAILY = "1d"
USUAL_ESTIMATION = (-250, -11)


@dataclass(frozen=True, eq=False)
class BarStudy:
    """What a study on bars reads in place of the frames that were given.

    Attributes
    ----------
    events : DataFrame
        `session` is the label of the slot in which the market could first answer;
        NaT where no bar is left.
    returns, factors : DataFrame
        On every slot from the first session to the last.
    model : TimeOfDay
    slots : Slots
    """

    events: pd.DataFrame
    returns: pd.DataFrame
    factors: pd.DataFrame | None
    model: ReturnModel
    slots: Slots

    @classmethod
    def of(
        cls,
        events: pd.DataFrame,
        returns: pd.DataFrame,
        factors: pd.DataFrame | None,
        model: ReturnModel,
        frequency: str,
    ) -> BarStudy:
        """Lay frames by the start of a bar (aware, or UTC) out on their slots.

        Raises
        ------
        StudyError
            For times off the grid of the bars, out of order, or twice.
        """
        calendar = _moments(returns if factors is None else factors)
        days = calendar.tz_localize("UTC").tz_convert(NEW_YORK).tz_localize(None)
        slots = bar_slots(days[0].normalize(), days[-1].normalize(), frequency)
        return cls(
            events=_at_bars(events, slots),
            returns=_on_slots(returns, slots),
            factors=None if factors is None else _on_slots(factors, slots),
            model=TimeOfDay(model, slots.number),
            slots=slots,
        )


def _moments(frame: pd.DataFrame) -> pd.DatetimeIndex:
    """Return the frame's times in UTC without zone, or say what is wrong with them."""
    try:
        times = pd.DatetimeIndex(frame.index)
    except (TypeError, ValueError) as error:
        raise StudyError(
            f"the index is not made of times: {error}", where="returns or factors"
        ) from error
    if times.tz is not None:
        times = times.tz_convert("UTC").tz_localize(None)
    if not len(times) or not times.is_unique or not times.is_monotonic_increasing:
        raise StudyError(
            "there is no bar, or bars are not in order, or one stands twice",
            where="returns or factors",
            allowed="the start of each bar once, ascending",
            do="sort the frame and remove duplicates: frame.sort_index()",
        )
    return times.as_unit("us")


def _on_slots(frame: pd.DataFrame, slots: Slots) -> pd.DataFrame:
    """Return a frame on all slots; NaN where it has none."""
    times = _moments(frame)
    inside = (times >= slots.labels[0]) & (times <= slots.labels[-1])
    off = inside & (slots.labels.get_indexer(times) < 0)
    if off.any():
        raise StudyError(
            f"no bar of a regular session starts at {times[off][0]} UTC",
            where="returns or factors",
            allowed="labels of bar_slots: starts of bars, gaps 1 us before the open",
            do="make returns with aftershock.intraday.bar_returns, or name the "
            "frequency that the bars have",
        )
    return frame.set_axis(times, axis=0).reindex(slots.labels)


def _at_bars(events: pd.DataFrame, slots: Slots) -> pd.DataFrame:
    """Return the events with the bar of their news as session."""
    if "session" not in events.columns:
        return events
    try:
        moments = pd.DatetimeIndex(pd.to_datetime(events["session"], utc=True))
    except (TypeError, ValueError) as error:
        raise StudyError(
            f"a session is not a moment: {error}",
            where="events.session",
            allowed="moments such as 2026-04-29T16:05-04:00; without zone, UTC",
        ) from error
    if moments.hasnans:
        raise StudyError(
            "the moment of an event is missing",
            where="events.session",
            allowed="moments such as 2026-04-29T16:05-04:00; without zone, UTC",
        )
    return events.assign(session=event_bars(moments, slots))


def usual_estimation(
    model: ReturnModel, frequency: str, min_obs: int
) -> tuple[tuple[int, int], int]:
    """Return the estimation window that nobody named, and its fewest rows."""
    if frequency == DAILY:
        return model.default_estimation or USUAL_ESTIMATION, min_obs
    usual = BarDesign.of(frequency)
    return usual.estimation, max(min_obs, usual.min_obs)


def refuse_placebo(placebo: Mapping[str, Any] | None) -> None:
    """Refuse placebos on bars: any bar is no stand-in for the bar of the news.

    Raises
    ------
    StudyError
        When there are any.
    """
    if placebo:
        raise StudyError(
            "placebo sessions are drawn among days, not among bars",
            where="placebo",
            allowed="no placebo where frequency is below a day",
            do="leave placebo out",
        )
