"""Users and groups of a file in SCIM's form (RFC 7643), as identity providers export it.

A list, or an object with `Resources` (a ListResponse, RFC 7644 3.4.2).
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backstage_py.plugins.catalog.sources.file_text import decode_text, miss, refuse

MAX_BYTES = 64 * 1024 * 1024
SCIM_ID = "scim.schemas/id"
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_.-]+")
_MAX_NAME = 63


@dataclass(frozen=True, slots=True)
class ScimFile:
    """A file of users and groups; `label` names it in errors."""

    file: Path
    label: str

    def provide(self) -> Iterator[dict[str, Any]]:
        """Return a `User` for each active user, and a `Group` for each group.

        Raises:
            DescriptorError: If the file is missing, or not SCIM.
        """
        resources = self._read()
        users = [one for one in resources if _is_user(one) and one.get("active", True)]
        groups = [one for one in resources if not _is_user(one)]
        names = {str(one.get("id")): self._name(one, "displayName") for one in groups}
        members = [(names[str(one.get("id"))], _list_members(one)) for one in groups]
        for one in users:
            own = [name for name, ids in members if str(one.get("id")) in ids]
            yield self._build_user(one, own)
        for one in groups:
            children = [names[id_] for id_ in _list_members(one) if id_ in names]
            yield self._build_group(one, children)

    def _read(self) -> list[Mapping[str, Any]]:
        try:
            if self.file.stat().st_size > MAX_BYTES:
                raise refuse(f"the file must not be larger than {MAX_BYTES} bytes", self.label)
            written = json.loads(decode_text(self.file.read_bytes(), self.label))
        except FileNotFoundError as error:
            raise miss(self.label) from error
        except OSError as error:
            raise refuse(f"the file cannot be read: {error.strerror}", self.label) from error
        except (ValueError, RecursionError) as error:
            raise refuse(f"the file must be valid JSON: {error}", self.label) from error
        listed = written.get("Resources") if isinstance(written, dict) else written
        if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
            raise refuse("must be a list of users and groups, or have one in Resources", self.label)
        return listed

    def _build_user(self, one: Mapping[str, Any], groups: Sequence[str]) -> dict[str, Any]:
        name = one.get("name") if isinstance(one.get("name"), dict) else {}
        assert isinstance(name, dict)
        parts = [str(name[key]) for key in ("givenName", "familyName") if name.get(key)]
        profile = {
            "displayName": one.get("displayName") or name.get("formatted") or " ".join(parts),
            "email": _choose(one.get("emails")),
            "picture": _choose(one.get("photos")),
        }
        spec = {"profile": _without_empty(profile), "memberOf": list(groups)}
        return self._build("User", self._name(one, "userName"), one, spec)

    def _build_group(self, one: Mapping[str, Any], children: Sequence[str]) -> dict[str, Any]:
        profile = {"displayName": str(one.get("displayName") or "")}
        spec = {"type": "team", "profile": _without_empty(profile), "children": list(children)}
        return self._build("Group", self._name(one, "displayName"), one, spec)

    def _build(
        self, kind: str, name: str, one: Mapping[str, Any], spec: Mapping[str, Any]
    ) -> dict[str, Any]:
        annotations = {SCIM_ID: str(one["id"])} if one.get("id") else {}
        metadata = {"name": name, "annotations": annotations}
        return {
            "apiVersion": "backstage.io/v1alpha1",
            "kind": kind,
            "metadata": metadata,
            "spec": spec,
        }

    def _name(self, one: Mapping[str, Any], key: str) -> str:
        """The name of an entity: the part before the @, without characters invalid in names."""
        written = str(one.get(key) or "").partition("@")[0]
        name = _NOT_IN_NAMES.sub("-", written).strip("-_.")[:_MAX_NAME].strip("-_.").lower()
        if not name:
            raise refuse(
                f"every user and group must have a {key}", f"{self.label}: {one.get('id')}"
            )
        return name


def _is_user(one: Mapping[str, Any]) -> bool:
    """Whether it is a user: by its schemas, or without them by fields that only users have."""
    schemas = " ".join(map(str, one.get("schemas") or ()))
    return schemas.endswith(":User") or ":User " in schemas or (not schemas and "userName" in one)


def _list_members(one: Mapping[str, Any]) -> list[str]:
    members = one.get("members") or ()
    return [str(member["value"]) for member in members if isinstance(member, dict)]


def _choose(values: Any) -> str:
    """The primary one of SCIM's multi-valued attributes, or the first."""
    listed = [one for one in values or () if isinstance(one, dict) and one.get("value")]
    primary = [one for one in listed if one.get("primary")]
    return str(next(iter([*primary, *listed]), {"value": ""})["value"])


def _without_empty(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value}
