from datetime import timedelta

from backstage_py.analytics import DeliveryState, DeliveryStore, EventStore, PendingDelivery
from backstage_py.analytics.ingest import Ingest, Sender
from backstage_py.analytics.metrics.metrics import Metrics
from backstage_py.analytics.store.deliveries import Cursor
from backstage_py.analytics.store.tallies import Tallies
from backstage_py.insights import Insights, Scope, Window
from tests.unit.analytics.ingest.wire import batch_of, wire
from tests.unit.analytics.recorded import NOON, recorded

DAY = timedelta(days=1)
MIDNIGHT = NOON - timedelta(hours=12)
TODAY = Scope(Window(MIDNIGHT, MIDNIGHT + DAY))
YESTERDAY = Scope(Window(MIDNIGHT - DAY, MIDNIGHT))


def test_rejected_events_count_in_the_window_in_which_they_were_sent(
    store: EventStore, insights: Insights
) -> None:
    tallies = Tallies(store.engine)
    ingest = Ingest(store, tallies=tallies, metrics=Metrics(), clock=lambda: NOON)
    ingest.ingest(batch_of(wire(), wire(action=""), 7), Sender(None, "browser"))
    ingest.count_robots(5)
    ingest.close(5)
    tallies.write()

    today, yesterday = insights.trust(TODAY), insights.trust(YESTERDAY)

    assert (today.events, today.rejected, today.refused_robots) == (1, 2, 5)
    assert (yesterday.rejected, yesterday.refused_robots) == (0, 0)


def test_what_backends_have_not_got_counts_in_the_window_of_its_capture(
    store: EventStore, insights: Insights
) -> None:
    deliveries = DeliveryStore(store.engine)
    deliveries.register("ga4")
    store.append([recorded(), recorded(-24 * 60), recorded(1), recorded(2)])
    first, second = store.after(0, 2)
    parked = [
        PendingDelivery("ga4", one.position, one.id, None, state)
        for one, state in ((first, DeliveryState.DEAD), (second, DeliveryState.WAITING))
    ]
    deliveries.settle("ga4", cursor=Cursor(second.position), parked=parked)

    today, yesterday = insights.trust(TODAY), insights.trust(YESTERDAY)

    assert (today.dead_letters, today.undelivered) == (1, 2)
    assert (yesterday.dead_letters, yesterday.undelivered) == (0, 1)
