"""Counts the store's rows, so that a copy can be compared with it."""

from sqlalchemy import Engine, func, select

from backstage_py.analytics import AnalyticsEventRow
from backstage_py.storage import table_of

_EVENTS = table_of(AnalyticsEventRow)
_COLUMNS = _EVENTS.c
CHECKED_POSITIONS = 8_192
"""The number of positions of a block."""


class StoreRows:
    """The rows of a store's table, by their positions."""

    def __init__(self, database: Engine) -> None:
        self._database = database

    def count(self, position: int) -> int:
        """The number of rows up to a position."""
        total = select(func.count()).select_from(_EVENTS)
        with self._database.connect() as connection:
            return (
                connection.execute(total).scalar_one()
                - connection.execute(total.where(position < _COLUMNS.position)).scalar_one()
            )

    def count_blocks(self, last: int) -> dict[int, int]:
        """The number of rows of each block up to a position, by the block's number."""
        block = (_COLUMNS.position - _COLUMNS.position % CHECKED_POSITIONS).label("block")
        query = select(block, func.count()).where(last >= _COLUMNS.position).group_by(block)
        with self._database.connect() as connection:
            rows = connection.execute(query).all()
        return {first // CHECKED_POSITIONS: count for first, count in rows}

    def positions(self, first: int, end: int) -> set[int]:
        """The positions from one (inclusive) to another (exclusive)."""
        query = select(_COLUMNS.position).where(first <= _COLUMNS.position, end > _COLUMNS.position)
        with self._database.connect() as connection:
            return set(connection.execute(query).scalars())

    def oldest(self) -> tuple[int, str] | None:
        """The position and the id of the oldest row."""
        query = select(_COLUMNS.position, _COLUMNS.id).order_by(_COLUMNS.position).limit(1)
        with self._database.connect() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else (row.position, row.id)
