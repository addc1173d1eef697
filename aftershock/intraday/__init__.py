"""Event studies on bars of minutes: slots, returns, and a scale by time of day."""

from aftershock.intraday.returns import bar_returns, bar_volume
from aftershock.intraday.slots import BarDesign, Slots, bar_slots, event_bars
from aftershock.intraday.table import INTRADAY_COLUMNS, intraday_table
from aftershock.intraday.time_of_day import TimeOfDay

__all__ = [
    "INTRADAY_COLUMNS",
    "BarDesign",
    "Slots",
    "TimeOfDay",
    "bar_returns",
    "bar_slots",
    "bar_volume",
    "event_bars",
    "intraday_table",
]
