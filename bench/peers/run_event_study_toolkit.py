"""event-study-toolkit: `eventstudy(...).getFullSampleTestStatistic("market")`.

It keeps one event a security, so that each event is given to it as a security of its
own, with the sessions of its windows alone. Its time includes its trading calendar,
which it makes anew for each study.
"""

import sys

import numpy as np
import pandas as pd
from event_study_toolkit.eventstudy import eventstudy
from timed import best, say

task = np.load(sys.argv[1])
returns, rows, columns = task["returns"], task["rows"], task["columns"]
days = pd.DatetimeIndex(task["sessions"]).as_unit("ns")
places = rows[:, None] + np.arange(-250, 11)
data = pd.DataFrame(
    {
        "permno": np.repeat(np.arange(len(rows)), places.shape[1]),
        "date": days[places.ravel()],
        "ret_dlst_adj": returns[places, columns[:, None]].ravel(),
        "vwretd": task["market"][places.ravel()],
    }
)
events = pd.DataFrame(
    {"permno": np.arange(len(rows)), "EVT_DATE": days[rows], "CCAR": 1}
)


def work() -> pd.DataFrame:
    """Study all events."""
    made = eventstudy(240, 0, -10, 10, data, events, groups=["CCAR"])
    return made.getFullSampleTestStatistic("market")


took, found = best(work)
say(
    "event-study-toolkit",
    seconds=took,
    caar=float(found["car_mean"].iloc[0]),
    t=float(found["car_t"].iloc[0]),
    kind="cross-sectional",
)
