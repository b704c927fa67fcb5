"""A process of the portal for `test_killed_process`: it hangs in a step until it is killed."""

import sys
import time
from pathlib import Path

from backstage_py.analytics import open_engine
from backstage_py.plugins.scaffolder.actions.action import Action
from backstage_py.plugins.scaffolder.installed_action import InstalledAction
from tests.unit.plugins.scaffolder.conftest import Bench

ACTION = InstalledAction("my:own", "Takes long in one process, and nothing in another")

if __name__ == "__main__":
    folder, url = sys.argv[1:]
    scaffolder = Bench(Path(folder), open_engine({"DATABASE_URL": url})).open()
    scaffolder.register_action(Action(ACTION, lambda context: context.wait(3600)))
    scaffolder.start()
    while True:
        time.sleep(60)
