"""The keys of a record in YAML, and the columns of one in CSV."""

from __future__ import annotations

MOMENT_KEYS = ("published", "earliest", "latest", "precision")
EVENT_KEYS = [
    "id",
    "headline",
    "published",
    "earliest",
    "latest",
    "precision",
    "first_us_session",
    "tags",
    "exposures",
    "source",
    "extra_sources",
    "confounders",
    "notes",
    "confidence",
    "date_verified",
    "status",
    "selected_by",
    "recorded_at",
    "scheduled_since",
]
EXPOSURE_KEYS = ("symbol", "basket", "role", "expected", "declared")
SOURCE_KEYS = ("name", "url")
CSV_KEYS = [
    "id",
    "headline",
    "published",
    "precision",
    "tags",
    "symbol",
    "role",
    "expected",
    "earliest",
    "latest",
    "basket",
    "declared",
    "url",
    "status",
    "selected_by",
    "recorded_at",
    "scheduled_since",
    "notes",
    "source",
    "extra_sources",
    "confounders",
    "first_us_session",
    "confidence",
    "date_verified",
]
CSV_LISTS = ("extra_sources", "confounders")
"""Columns of several texts, with `BETWEEN` between them."""
BETWEEN = " | "
CSV_NEEDED = (
    ("id",),
    ("headline",),
    ("published", "latest"),
    ("tags",),
    ("symbol", "basket"),
    ("role",),
    ("expected",),
)
"""Columns that a CSV file must have: one of each group."""
