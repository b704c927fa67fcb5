"""`python -m backstage_py`."""

import sys

from backstage_py.cli import main

sys.exit(main())
