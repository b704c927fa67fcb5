from backstage_py.analytics import AnalyticsApi, Config
from backstage_py.analytics.testing import BackendConformance
from examples.webhook import WebhookAnalyticsApi


class TestWebhook(BackendConformance):
    def make_backend(self, address: str) -> AnalyticsApi:
        return WebhookAnalyticsApi.from_config(Config({"url": address}))
