"""A made-up history of a portal, so that a new one has something to show."""

from backstage_py.plugins.insights.sample.company import (
    Colleague,
    Company,
    SampleTemplate,
    Thing,
)
from backstage_py.plugins.insights.sample.filling import SampleStore, fill, remove
from backstage_py.plugins.insights.sample.history import Plan, simulate

__all__ = [
    "Colleague",
    "Company",
    "Plan",
    "SampleStore",
    "SampleTemplate",
    "Thing",
    "fill",
    "remove",
    "simulate",
]
