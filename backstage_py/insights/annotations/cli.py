"""`python -m backstage_py annotate`: put a mark on every chart, e.g. from a release pipeline."""

import argparse
import json
from datetime import datetime

from backstage_py.analytics import EventStore, InvalidEventError, parse_time, utc_now
from backstage_py.insights.annotations.annotation import Annotation
from backstage_py.insights.annotations.annotations import Annotations


def add_annotate(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument("text", help="what happened, as 'Release 2.4'")
    parser.add_argument("--at", type=_time, metavar="TIME", help="when; now unless given")
    parser.add_argument("--tag", action="append", default=[], help="a tag; may be repeated")
    parser.set_defaults(run=_annotate)


def _annotate(parsed: argparse.Namespace) -> int:
    annotations = Annotations(EventStore.open().engine)
    made = Annotation(at=parsed.at or utc_now(), text=parsed.text, tags=tuple(parsed.tag))
    print(json.dumps(annotations.add(made).to_wire(), ensure_ascii=False))
    return 0


def _time(text: str) -> datetime:
    try:
        return parse_time("time", text)
    except InvalidEventError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
