"""What the pages ask the engine, and what they tell it of the catalog."""

from backstage_py.plugins.insights.sample import SampleData

__all__ = ["SampleData"]
