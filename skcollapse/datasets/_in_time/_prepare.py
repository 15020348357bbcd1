"""One function a stream: add the number of the period, and the target where it is computed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "PERIOD",
    "computers",
    "flights",
    "hotel",
    "movies",
    "stops",
    "storms",
    "surveys",
    "wages",
    "weather",
]

# The column that the functions add: rows with the same number form a batch.
PERIOD = "period"
_LATE_MINUTES = 15
# Before it fewer than half of the years have 300 films with a rating.
_FIRST_YEAR_OF_FILMS = 1950


def computers(frame: pd.DataFrame) -> pd.DataFrame:
    """Take the number of the month from `trend`, which stays a feature."""
    return frame.assign(period=frame["trend"])


def hotel(frame: pd.DataFrame) -> pd.DataFrame:
    """Cut by the date of arrival into half-months; keep the weekday and the day of the year."""
    import pandas as pd

    day = pd.to_datetime(frame["arrival_date"])
    return frame.assign(
        country=frame["country"].astype(object).fillna("none"),
        weekday=day.dt.day_of_week,
        day_of_year=day.dt.day_of_year,
        period=24 * day.dt.year + 2 * day.dt.month + (day.dt.day > 15),
    )


def flights(frame: pd.DataFrame) -> pd.DataFrame:
    """Cut into weeks; a flight that never arrived has no target."""
    import pandas as pd

    day = pd.to_datetime(frame[["year", "month", "day"]])
    late = pd.Series(np.where(frame["arr_delay"] > _LATE_MINUTES, "yes", "no"), frame.index)
    return frame.assign(
        late=late.astype(object).where(frame["arr_delay"].notna(), None),
        weekday=day.dt.day_of_week,
        period=(day.dt.day_of_year - 1) // 7,
    )


def weather(frame: pd.DataFrame) -> pd.DataFrame:
    """Cut into weeks; the hour of the day stays a feature."""
    import pandas as pd

    day = pd.to_datetime(frame[["year", "month", "day"]])
    return frame.assign(period=(day.dt.day_of_year - 1) // 7)


def storms(frame: pd.DataFrame) -> pd.DataFrame:
    """Cut into years; the month stays a feature."""
    return frame.assign(period=frame["year"])


def surveys(frame: pd.DataFrame) -> pd.DataFrame:
    """Cut into half-years."""
    return frame.assign(period=2 * frame["year"] + (frame["month"] > 6))


def movies(frame: pd.DataFrame) -> pd.DataFrame:
    """Cut into years."""
    return frame[frame["year"] >= _FIRST_YEAR_OF_FILMS].assign(period=lambda kept: kept["year"])


def stops(frame: pd.DataFrame) -> pd.DataFrame:
    """Cut into weeks; keep the weekday and the hour."""
    import pandas as pd

    moment = pd.to_datetime(frame["date"]).dt.tz_localize(None)
    return frame.assign(
        weekday=moment.dt.day_of_week,
        hour=moment.dt.hour,
        period=(moment.dt.day_of_year - 1) // 7,
    )


def wages(frame: pd.DataFrame) -> pd.DataFrame:
    """Cut into waves of the survey, each of a year."""
    return frame.assign(period=frame["year"])
