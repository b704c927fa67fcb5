"""A process that looks at one alert again and again, until it is killed."""

import sys
from datetime import timedelta
from pathlib import Path

from backstage_py.analytics import EventStore, open_engine, utc_now
from backstage_py.insights import Insights
from backstage_py.insights.alerts.alerts import AlertPlan, Alerts
from backstage_py.insights.alerts.message import Message
from backstage_py.insights.alerts.rules import AlertRule


def build_alerts(folder: Path, url: str, *names: str, later: timedelta = timedelta()) -> Alerts:
    """Alerts that are all due, told to a webhook."""
    store = EventStore(open_engine({"DATABASE_URL": f"sqlite:///{folder / 'events.db'}"}))
    insights = Insights(store, folder / "copy")
    given = {"question": "totals", "column": "events", "when": "above", "threshold": 0}
    rules = [
        AlertRule.model_validate({"name": name, "channels": [url], "window": "4w", **given})
        for name in names
    ]
    return Alerts(
        store.engine,
        AlertPlan(rules),
        ask=insights.ask,
        write_digest=lambda _window: Message("digest", "", ""),
        clock=lambda: utc_now() + later,
    )


def main(folder: Path, url: str, name: str) -> None:
    """Look until killed."""
    alerts = build_alerts(folder, url, name)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while True:
        alerts.step()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
