"""A config as it is run: what it leaves open is settled by its model and its events."""

from __future__ import annotations

from aftershock.calendar import covers_day
from aftershock.config import RunConfig, build_model
from aftershock.config.study import Study
from aftershock.events import EventSet

DAY_WINDOW = (0, 1)


def settled_by(config: RunConfig, events: EventSet) -> RunConfig:
    """Return a config in which nothing is left open, so that a repeat is the same run.

    An estimation that is not written is the model's own. Where of an event only the day
    is known, [0, 1] joins the windows; where of all of them, it leads if none is named.
    """
    study, days = _with_estimation(config), day_only(events)
    if days:
        study = _with_day(study, leads=len(days) == len(events))
    return config.model_copy(update={"study": study})


def day_only(events: EventSet) -> list[str]:
    """Return the events of which only the day is known: their reaction is in [0, 1]."""
    return [
        e.id
        for e in events.events
        if e.earliest < e.latest and covers_day(e.earliest, e.latest)
    ]


def _with_estimation(config: RunConfig) -> Study:
    """Return the study with the model's own offsets where the config is silent."""
    study, usual = config.study, build_model(config).default_estimation
    if usual is None:
        return study
    written = study.estimation.model_fields_set
    ends = zip(("start", "end"), usual, strict=True)
    open_ = {name: offset for name, offset in ends if name not in written}
    estimation = study.estimation.model_copy(update=open_)
    return study.model_copy(update={"estimation": estimation})


def _with_day(study: Study, *, leads: bool) -> Study:
    """Return the study with the window of news of which only the day is known."""
    windows = tuple(dict.fromkeys([*study.windows, DAY_WINDOW]))
    changes: dict[str, object] = {"windows": windows}
    if study.headline is None and leads:
        changes["headline"] = DAY_WINDOW
    if study.event is not None:
        changes["event"] = (min(study.event[0], 0), max(study.event[1], 1))
    return study.model_copy(update=changes)
