"""A made-up history of a portal, so that a new one has something to show."""

from backstage_py.insights.simulate.company import (
    Colleague,
    Company,
    SampleTemplate,
    Thing,
    display_name,
    is_sample_user,
)
from backstage_py.insights.simulate.filling import SampleStore, fill, remove
from backstage_py.insights.simulate.history import Plan, simulate

__all__ = [
    "Colleague",
    "Company",
    "Plan",
    "SampleStore",
    "SampleTemplate",
    "Thing",
    "display_name",
    "fill",
    "is_sample_user",
    "remove",
    "simulate",
]
