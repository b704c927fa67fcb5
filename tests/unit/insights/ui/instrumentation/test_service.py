from datetime import timedelta
from pathlib import Path

import pytest

from backstage_py.analytics import AnalyticsError, Runtime
from backstage_py.insights.ui.instrumentation.service import InstrumentationService
from tests.unit.analytics.recorded import NOON, recorded

SHOP = {"pluginId": "shop", "extension": "ShopPage", "routeRef": "shop"}


def test_the_compiled_app_is_compared_with_the_record(runtime: Runtime, inventory: Path) -> None:
    runtime.store.append([recorded(subject="Buy", context=SHOP)])

    review = InstrumentationService(runtime).review(timedelta(days=1), NOON)

    assert [(one.declaration.address.action, one.count) for one in review.statuses] == [
        ("click", 1),
        ("deploy", 0),
    ]


def test_a_plan_is_of_the_compiled_app(runtime: Runtime, inventory: Path) -> None:
    plan = InstrumentationService(runtime).write_plan()

    assert plan.count("- action:") == 2


def test_an_app_without_an_inventory_is_one_clear_error(runtime: Runtime, tmp_path: Path) -> None:
    service = InstrumentationService(runtime, tmp_path / "none.json")

    with pytest.raises(AnalyticsError, match="Compile the app first"):
        service.review(timedelta(days=1), NOON)
