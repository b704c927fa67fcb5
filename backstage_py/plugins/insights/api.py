"""What other plugins may use of this one."""

from backstage_py.plugins.insights.sample import SampleData

__all__ = [
    "SampleData",
]
