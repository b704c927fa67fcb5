from backstage_py.analytics import AnalyticsApi, Config
from backstage_py.analytics.testing import BackendConformance
from examples.mixpanel import MixpanelAnalyticsApi


class TestMixpanel(BackendConformance):
    secrets = ("t0ken-of-mixpanel",)

    def make_backend(self, address: str) -> AnalyticsApi:
        section = Config({"token": "t0ken-of-mixpanel", "host": address})
        return MixpanelAnalyticsApi.from_config(section)
