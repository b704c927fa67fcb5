from backstage_py.analytics import AnalyticsApi, Config
from backstage_py.analytics.testing import BackendConformance
from examples.splunk import SplunkAnalyticsApi


class TestSplunk(BackendConformance):
    secrets = ("t0ken-of-splunk",)

    def make_backend(self, address: str) -> AnalyticsApi:
        section = Config({"host": address, "token": "t0ken-of-splunk"})
        return SplunkAnalyticsApi.from_config(section)
