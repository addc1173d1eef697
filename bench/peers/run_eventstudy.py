"""eventstudy: one `Single.market_model` an event, then `Multiple`."""

import sys

import eventstudy as es
import numpy as np
from timed import best, say

task = np.load(sys.argv[1])
returns, rows, columns = task["returns"], task["rows"], task["columns"]
days = task["sessions"].astype("datetime64[ns]")
table = {f"S{k}": returns[:, k] for k in range(returns.shape[1])}
es.Single._save_parameter("returns", {"date": days, "M": task["market"], **table})


def work() -> es.Multiple:
    """Study all events."""
    singles = [
        es.Single.market_model(
            f"S{column}", "M", days[row],
            event_window=(-10, 10), estimation_size=240, buffer_size=0,
        )
        for row, column in zip(rows, columns, strict=True)
    ]  # fmt: skip
    return es.Multiple(singles)


took, found = best(work)
say(
    "eventstudy",
    seconds=took,
    caar=float(found.CAAR[-1]),
    t=float(found.tstat[-1]),
    kind="residual variances",
)
