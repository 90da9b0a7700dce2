"""Interviews whose GPS point lies far from the place that they name."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from pipeline.cleaning.batch import Finding
from pipeline.cleaning.interviews import Floats, Interviews, query
from pipeline.settings import Checks

_EARTH_KM = 6371.0


def far_from_place(interviews: Interviews, limits: Checks) -> Iterator[Finding]:
    """Points far from the middle of all points that name the same place.

    The middle is the median of their latitudes and longitudes, so no gazetteer is needed and a few
    wrong points do not move it; a place with few points has none.
    """
    name = _point_question(interviews)
    points, places = interviews.role(name), interviews.role(interviews.roles.place)
    if points is None or places is None:
        return
    at = coordinates(points)
    groups = at.groupby(places.astype(object))
    enough = groups["latitude"].transform("count") >= limits.least_points
    away = distance_km(at, groups.transform("median"))
    odd = (away > limits.far_km) & enough.to_numpy(dtype=bool)
    yield query("far_from_place", odd, name, f"{limits.far_km:g} km")


def _point_question(interviews: Interviews) -> str | None:
    """The question that has the role `point`, else the form's first geopoint."""
    points = (
        item.name for item in interviews.form.answered() if item.question.type_name == "geopoint"
    )
    return interviews.roles.point or next(points, None)


def coordinates(points: "pd.Series[Any]") -> pd.DataFrame:
    """Columns latitude and longitude in degrees, NaN where the text is no point.

    Args:
        points: `latitude longitude altitude accuracy`, as ODK writes a geopoint.
    """
    parts = points.astype("str").str.extract(r"^\s*(-?\d+(?:\.\d+)?)\s+(-?\d+(?:\.\d+)?)(?:\s|$)")
    found = parts.astype("float64")
    found.columns = pd.Index(["latitude", "longitude"])
    real = (found["latitude"].abs() <= 90) & (found["longitude"].abs() <= 180)  # noqa: PLR2004
    return found.where(real)


def distance_km(here: pd.DataFrame, there: pd.DataFrame) -> Floats:
    """Great-circle distances, by the haversine formula on a sphere of 6,371 km."""
    (lat1, lon1), (lat2, lon2) = (
        (np.radians(frame["latitude"].to_numpy()), np.radians(frame["longitude"].to_numpy()))
        for frame in (here, there)
    )
    half = np.sin((lat2 - lat1) / 2) ** 2
    half += np.cos(lat1) * np.cos(lat2) * np.sin((lon2 - lon1) / 2) ** 2
    return np.asarray(2 * _EARTH_KM * np.arcsin(np.sqrt(np.clip(half, 0, 1))), dtype=np.float64)
