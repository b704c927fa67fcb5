"""The app's own migrations leave our tables alone, where both are in one database.

Our tables have metadata of their own, so that `reflex db makemigrations` neither creates nor
compares them; Alembic is told here not to drop them for being unknown to the app.
"""

import functools
from types import ModuleType
from typing import TYPE_CHECKING, Any

from wrapt import register_post_import_hook

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext
    from alembic.operations.ops import UpgradeOps
    from alembic.util import PriorityDispatchResult


@functools.cache
def keep_own_tables() -> None:
    """Make Alembic's autogenerate ignore our tables in this process, once it is imported.

    Whoever imports Alembic first, it is imported in part when this is called back, so nothing
    that needs Alembic may be imported then: neither our store nor Reflex's models.
    """
    register_post_import_hook(_add_comparator, "alembic.autogenerate")


def _add_comparator(autogenerate: ModuleType) -> None:
    """Third parties add to Alembic's comparators by `alembic.autogenerate.comparators`."""
    from alembic.util import DispatchPriority

    register = autogenerate.comparators.dispatch_for("autogenerate", priority=DispatchPriority.LAST)
    register(_leave_own_tables)


def _leave_own_tables(
    _context: "AutogenContext", upgrade: "UpgradeOps"
) -> "PriorityDispatchResult":
    from alembic.util import PriorityDispatchResult

    upgrade.ops = [one for one in upgrade.ops if not _is_of_own_table(one)]
    return PriorityDispatchResult.CONTINUE


def _is_of_own_table(operation: Any) -> bool:
    from backstage_py.analytics.store import AnalyticsEventRow

    name = getattr(operation, "table_name", None)
    return name in AnalyticsEventRow.metadata.tables or _drops_version_table(operation)


def _drops_version_table(operation: Any) -> bool:
    """Whether it would drop the table of another Alembic environment, as each plugin has one."""
    from alembic.operations.ops import DropTableOp

    if not isinstance(operation, DropTableOp):
        return False
    return [column.name for column in operation.to_table().columns] == ["version_num"]
