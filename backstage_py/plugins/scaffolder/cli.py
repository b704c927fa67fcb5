"""`python -m backstage_py new`: create new things from starters."""

import argparse
from pathlib import Path


def add_new(new: argparse.ArgumentParser) -> None:
    """Add the commands."""
    commands = new.add_subparsers(required=True, metavar="COMMAND")
    plugin = commands.add_parser("plugin", help="a plugin of the portal, as a package of its own")
    plugin.add_argument("name", metavar="NAME", help="the plugin's id, as release-notes")
    plugin.add_argument(
        "--output", type=Path, metavar="FOLDER", help="where to; the name's folder here without it"
    )
    plugin.set_defaults(run=_new_plugin)


def _new_plugin(parsed: argparse.Namespace) -> int:
    from backstage_py.plugins.scaffolder.new_plugin import write_plugin

    folder = parsed.output or Path(parsed.name)
    files = write_plugin(parsed.name, folder)
    print(f"Wrote {len(files)} files to {folder}. Go on with {folder / 'README.md'}")
    return 0
