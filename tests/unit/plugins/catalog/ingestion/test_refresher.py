import threading
from datetime import timedelta

from backstage_py.plugins.catalog.ingestion.refresher import Refresher

PATIENCE = 10


class Counter:
    """Counts refreshes, and fails at the first one."""

    def __init__(self) -> None:
        self.count = 0
        self._grown = threading.Condition()

    def refresh(self) -> None:
        with self._grown:
            self.count += 1
            self._grown.notify_all()
        if self.count == 1:
            raise OSError("the first one fails")

    def reaches(self, count: int) -> bool:
        with self._grown:
            return self._grown.wait_for(lambda: self.count >= count, PATIENCE)


def test_it_refreshes_at_intervals_whatever_happens() -> None:
    counter = Counter()

    Refresher(counter.refresh, interval=timedelta(milliseconds=50)).start(at_once=False)

    assert counter.reaches(3)


def test_without_an_interval_it_refreshes_when_it_is_asked_to() -> None:
    counter = Counter()
    refresher = Refresher(counter.refresh, interval=None)

    refresher.start(at_once=True)
    assert counter.reaches(1)
    refresher.start(at_once=True)

    assert counter.reaches(2)
    assert counter.count == 2
