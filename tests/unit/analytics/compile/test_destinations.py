from pathlib import Path

from backstage_py.analytics.backends.api import BrowserAnalyticsApi
from backstage_py.analytics.backends.backend import Backend
from backstage_py.analytics.backends.browser_tag import BrowserTag
from backstage_py.analytics.backends.policy import DeliveryPolicy
from backstage_py.analytics.backends.routing import Routing
from backstage_py.analytics.backends.user_identity import UserIdentity
from backstage_py.analytics.compile.destinations import destination_modules
from backstage_py.analytics.config.configuration import Config


def tagged(name: str, module: Path, **settings: object) -> Backend:
    return Backend(
        name,
        BrowserAnalyticsApi(BrowserTag(module, settings)),
        DeliveryPolicy(),
        Routing.from_config(Config({"sampling": 0.5})),
        UserIdentity("optional"),
    )


def test_an_app_without_tags_keeps_the_outbox_alone() -> None:
    assert list(destination_modules([])) == []


def test_each_tag_is_started_with_what_is_configured(tmp_path: Path) -> None:
    (tmp_path / "same.js").write_text("export const start = 1;", encoding="utf-8")
    other = tmp_path / "other"
    other.mkdir()
    (other / "same.js").write_text("export const start = 2;", encoding="utf-8")
    tools = [
        tagged("mine", tmp_path / "same.js", id='"</script>'),
        tagged("yours", other / "same.js"),
    ]

    modules = {str(path): content for path, content in destination_modules(tools)}

    assert modules["utils/backstage_py/tags/0_same.js"].endswith("1;")
    assert modules["utils/backstage_py/tags/1_same.js"].endswith("2;")
    destinations = modules["utils/backstage_py/destinations.js"]
    assert 'import { start as start0 } from "./tags/0_same.js";' in destinations
    assert '"settings": {"id": "\\"</script>"}' in destinations
    assert '"sampling": 0.5' in destinations
    assert '"identity": "optional"' in destinations
