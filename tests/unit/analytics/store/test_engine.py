from pathlib import Path

import pytest

from backstage_py.analytics.errors import ConfigurationError
from backstage_py.analytics.store.engine import open_engine


def test_the_folder_of_a_new_database_is_made(tmp_path: Path) -> None:
    engine = open_engine({"DATABASE_URL": f"sqlite:///{tmp_path}/deep/er/events.db"})

    with engine.connect() as connection:
        mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar()
        synchronous = connection.exec_driver_sql("PRAGMA synchronous").scalar()
    engine.dispose()

    assert (mode, synchronous) == ("wal", 2)


@pytest.mark.parametrize("url", ["nonsense", "oracle9://x/y", "sqlite//x"])
def test_a_url_of_no_database_is_one_clear_error(url: str) -> None:
    with pytest.raises(
        ConfigurationError, match=r"^DATABASE_URL: cannot be opened: .*Use a URL such as"
    ):
        open_engine({"DATABASE_URL": url})
