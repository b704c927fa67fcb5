"""`python -m backstage_py tokens`: the API tokens of services."""

import argparse
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backstage_py.plugins.auth.tokens import ApiToken

_COLUMNS = ("id", "name", "subject", "permissions", "created", "expires", "lastUsed")


def add_tokens(tokens: argparse.ArgumentParser) -> None:
    """Add the commands."""
    commands = tokens.add_subparsers(required=True, metavar="COMMAND")
    create = commands.add_parser("create", help="make a token for a service, and print it once")
    create.add_argument("--name", required=True, help="of the service")
    create.add_argument(
        "--permission",
        action="append",
        required=True,
        metavar="P",
        help="what it may do, as catalog.entity.read or catalog.*; can be repeated",
    )
    create.add_argument(
        "--expires", type=int, metavar="DAYS", help="after how many days; never without it"
    )
    create.set_defaults(run=_create)
    list_ = commands.add_parser("list", help="every token, without its secret")
    list_.add_argument("--format", choices=("table", "json"), default="table")
    list_.set_defaults(run=_list)
    revoke = commands.add_parser("revoke", help="end a token at once")
    revoke.add_argument("name", metavar="NAME|ID", help="a service's name, or the id of a token")
    revoke.set_defaults(run=_revoke)


def _create(parsed: argparse.Namespace) -> int:
    from backstage_py.plugins.auth.service import get_api_tokens
    from backstage_py.plugins.auth.tokens import SERVICE

    subject = f"{SERVICE}{parsed.name.strip()}"
    tokens = get_api_tokens()
    print(tokens.create(parsed.name, subject, parsed.permission, days=parsed.expires))
    return 0


def _list(parsed: argparse.Namespace) -> int:
    from backstage_py.plugins.auth.service import get_api_tokens

    rows = [_describe(one) for one in get_api_tokens().list_all()]
    if parsed.format == "json":
        print(json.dumps(rows, ensure_ascii=False))
        return 0
    cells = [list(_COLUMNS), *([one or "-" for one in row.values()] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        print("  ".join(map(str.ljust, row, widths)).rstrip())
    return 0


def _revoke(parsed: argparse.Namespace) -> int:
    from backstage_py.plugins.auth.errors import TokenError
    from backstage_py.plugins.auth.service import get_api_tokens

    count = get_api_tokens().revoke_service(parsed.name)
    if not count:
        raise TokenError("name", f"{parsed.name!r} is not known", "See tokens list")
    print(json.dumps({"revoked": count}))
    return 0


def _describe(one: "ApiToken") -> dict[str, str | None]:
    values = (
        one.id,
        one.name,
        one.subject,
        " ".join(one.scopes),
        one.created_at.isoformat(),
        one.expires_at.isoformat() if one.expires_at else None,
        one.used_at.isoformat() if one.used_at else None,
    )
    return dict(zip(_COLUMNS, values, strict=True))
