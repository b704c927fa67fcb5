"""Our tables, in a database that may also be the app's own.

They have metadata of their own, so that an app's `reflex db makemigrations` neither creates nor
compares them, and Alembic is told not to drop them for being unknown to the app.
"""

from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import registry
from sqlmodel import SQLModel

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext
    from alembic.operations.ops import UpgradeOps
    from alembic.util import PriorityDispatchResult


class OwnTable(SQLModel, registry=registry()):
    """The base of a table that this project migrates itself, those of portal plugins included."""


def keep_own_tables() -> None:
    """Make Alembic's autogenerate ignore our tables in this process.

    Called once Alembic is imported. Third parties add to its comparators by this registry
    (`alembic.autogenerate.comparators`).
    """
    from alembic.autogenerate import comparators
    from alembic.util import DispatchPriority

    register = comparators.dispatch_for("autogenerate", priority=DispatchPriority.LAST)
    register(_leave_own_tables)


def _leave_own_tables(
    _context: "AutogenContext", upgrade: "UpgradeOps"
) -> "PriorityDispatchResult":
    from alembic.util import PriorityDispatchResult

    import backstage_py.analytics.store.models  # ruff: ignore[unused-import]

    upgrade.ops = [one for one in upgrade.ops if not _is_of_own_table(one)]
    return PriorityDispatchResult.CONTINUE


def _is_of_own_table(operation: Any) -> bool:
    name = getattr(operation, "table_name", None)
    return name in OwnTable.metadata.tables or _drops_version_table(operation)


def _drops_version_table(operation: Any) -> bool:
    """Whether it would drop the table of another Alembic environment, as each plugin has one."""
    from alembic.operations.ops import DropTableOp

    if not isinstance(operation, DropTableOp):
        return False
    return [column.name for column in operation.to_table().columns] == ["version_num"]
