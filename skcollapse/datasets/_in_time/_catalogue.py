"""The list of streams: where each comes from, what is predicted, and what a batch is."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from skcollapse.datasets._in_time import _prepare
from skcollapse.datasets._named import NamedTable

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["STREAMS", "NamedStream"]

_REGRESSION, _CLASSES = "regression", "classification"


class NamedStream(NamedTuple):
    """A table, the time that a batch takes, and the function that numbers its rows.

    `drop` of the table lists the columns that tell the time and nothing else, name a row, or
    would not be known before the target is.
    """

    table: NamedTable
    period: str
    prepare: Callable[[pd.DataFrame], pd.DataFrame]


STREAMS = (
    NamedStream(
        NamedTable(
            "computers",
            "Ecdat",
            "Computers",
            "price",
            _REGRESSION,
            "GPL-2 or later (R package Ecdat)",
            about="Prices of computers: hardware that was not seen before, and falling prices.",
        ),
        "month",
        _prepare.computers,
    ),
    # historical_adr is nearly the target; the dates are the time itself.
    NamedStream(
        NamedTable(
            "hotel",
            "modeldata",
            "hotel_rates",
            "avg_price_per_room",
            _REGRESSION,
            "MIT (R package modeldata), none stated for the data",
            about="Prices of rooms by the date of arrival: two seasons, countries come and go.",
            drop=("arrival_date", "arrival_date_num", "historical_adr"),
        ),
        "half-month",
        _prepare.hotel,
    ),
    # What is known at take-off or later says how late the flight will be.
    NamedStream(
        NamedTable(
            "flights",
            "nycflights13",
            "flights",
            "late",
            _CLASSES,
            "CC0 (R package nycflights13)",
            about="Whether a flight from New York arrives more than 15 minutes late, 2013.",
            drop=(
                *("dep_time", "dep_delay", "arr_time", "arr_delay", "air_time"),
                *("flight", "tailnum", "year", "month", "day", "minute", "time_hour"),
            ),
        ),
        "week",
        _prepare.flights,
    ),
    NamedStream(
        NamedTable(
            "stops",
            "carData",
            "MplsStops",
            "personSearch",
            _CLASSES,
            "GPL-2 or later (R package carData)",
            about="Whether the police search a person they stop, Minneapolis, 2017.",
            drop=("idNum", "date", "vehicleSearch", "citationIssued"),
        ),
        "week",
        _prepare.stops,
    ),
    # The temperature follows from dew point and humidity.
    NamedStream(
        NamedTable(
            "weather",
            "nycflights13",
            "weather",
            "temp",
            _REGRESSION,
            "CC0 (R package nycflights13)",
            about="Hourly temperatures at the airports of New York, 2013.",
            drop=("dewp", "year", "month", "day", "time_hour"),
        ),
        "week",
        _prepare.weather,
    ),
    # Status, category and diameters follow from the wind.
    NamedStream(
        NamedTable(
            "storms",
            "dplyr",
            "storms",
            "wind",
            _REGRESSION,
            "MIT (R package dplyr)",
            about="Wind of Atlantic storms by place and air pressure, from 1975 on.",
            drop=(
                *("name", "year", "day", "status", "category"),
                *("tropicalstorm_force_diameter", "hurricane_force_diameter"),
            ),
        ),
        "year",
        _prepare.storms,
    ),
    # Genus, species and taxa repeat species_id.
    NamedStream(
        NamedTable(
            "surveys",
            "ratdat",
            "complete",
            "weight",
            _REGRESSION,
            "CC0 (R package ratdat)",
            about="Weight of small mammals caught at Portal, Arizona, 1977 to 2002.",
            log=True,
            drop=("record_id", "day", "year", "genus", "species", "taxa"),
        ),
        "half-year",
        _prepare.surveys,
    ),
    # r1 to r10 are the shares of the marks that make up the rating.
    NamedStream(
        NamedTable(
            "movies",
            "ggplot2movies",
            "movies",
            "rating",
            _REGRESSION,
            "GPL-3 (R package ggplot2movies)",
            about="Ratings of films by length, budget, votes and genre, from 1950 on.",
            drop=("title", "year", *(f"r{mark}" for mark in range(1, 11))),
        ),
        "year",
        _prepare.movies,
    ),
    # occ10 and prestg10 code the occupation once more.
    NamedStream(
        NamedTable(
            "wages",
            "stevedata",
            "gss_wages",
            "realrinc",
            _REGRESSION,
            "GPL-2 or later (R package stevedata)",
            about="Real income in waves of the General Social Survey, United States.",
            log=True,
            drop=("year", "occ10", "prestg10"),
        ),
        "wave",
        _prepare.wages,
    ),
)
