"""The public API of this plugin, for other plugins."""

from backstage_py.plugins.insights.host import PortalHost
from backstage_py.plugins.insights.sample import Plan
from backstage_py.plugins.insights.sample.sample_data import SampleData

__all__ = [
    "Plan",
    "PortalHost",
    "SampleData",
]
