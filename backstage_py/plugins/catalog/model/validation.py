"""Validates a document as an entity, and lists every broken rule.

The rules are those of `@backstage/catalog-model` 1.10.1: its envelope schema, its field formats and
its schemas of the built-in kinds. Placeholders must already be substituted.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from backstage_py.plugins.catalog.errors import MISSING, ProcessingError, show_value
from backstage_py.plugins.catalog.model.entity_ref import EntityRefError
from backstage_py.plugins.catalog.model.formats import (
    API_VERSION,
    KIND,
    LABEL_VALUE,
    LIST,
    MAPPING,
    NAMESPACE,
    NON_EMPTY_TEXT,
    OBJECT_NAME,
    PREFIXED_KEY,
    TAG,
    TEXT,
    URL,
    Format,
)
from backstage_py.plugins.catalog.model.kinds import KINDS, Kind, RelationField, SpecField
from backstage_py.plugins.catalog.model.relations import list_refs, parse_target
from backstage_py.plugins.catalog.model.spec_schema import check_schema

_ROOT_FIELDS = ("apiVersion", "kind", "metadata", "spec")


def validate_entity(document: Any) -> list[ProcessingError]:
    """List the broken rules, in the order of the document; none means that it is an entity."""
    if not isinstance(document, Mapping):
        return [_error("an entity must be a mapping", "", document)]
    return [
        *_check_root(document),
        *_check_metadata(document.get("metadata", MISSING)),
        *_check_spec(document),
    ]


def _check_root(document: Mapping[str, Any]) -> Iterator[ProcessingError]:
    for key in (key for key in document if key not in _ROOT_FIELDS):
        rule = f"unknown field; an entity has only {', '.join(_ROOT_FIELDS)}"
        yield _error(rule, key, document[key])
    yield from _check("apiVersion", document.get("apiVersion", MISSING), API_VERSION)
    yield from _check("kind", document.get("kind", MISSING), KIND)
    yield from _check_kind(document)


def _check_kind(document: Mapping[str, Any]) -> Iterator[ProcessingError]:
    kind = _find_kind(document)
    if kind is None:
        return
    if document["kind"] != kind.name:
        yield _error(f"this kind must be written {kind.name}", "kind", document["kind"])
    version = document.get("apiVersion")
    if API_VERSION.accepts(version) and version not in kind.api_versions:
        rule = f"{kind.name} needs {' or '.join(kind.api_versions)}"
        yield _error(rule, "apiVersion", version)


def _check_metadata(metadata: Any) -> Iterator[ProcessingError]:
    if not isinstance(metadata, Mapping):
        yield _error(MAPPING.rule, "metadata", metadata)
        return
    yield from _check("metadata.name", metadata.get("name", MISSING), OBJECT_NAME)
    yield from _check_optional("metadata", metadata, "namespace", NAMESPACE)
    yield from _check_optional("metadata", metadata, "title", NON_EMPTY_TEXT)
    yield from _check_optional("metadata", metadata, "description", TEXT)
    yield from _check_keys_and_values("metadata.labels", metadata.get("labels", {}), LABEL_VALUE)
    yield from _check_keys_and_values("metadata.annotations", metadata.get("annotations", {}), TEXT)
    yield from _check_list("metadata.tags", metadata.get("tags", []), TAG)
    yield from _check_links(metadata.get("links", []))


def _check_keys_and_values(path: str, value: Any, format_: Format) -> Iterator[ProcessingError]:
    yield from _check(path, value, MAPPING)
    for key, each in value.items() if isinstance(value, Mapping) else ():
        if not PREFIXED_KEY.accepts(key):
            yield _error(PREFIXED_KEY.rule, f"{path}.{key}", key)
        yield from _check(f"{path}.{key}", each, format_)


def _check_links(links: Any) -> Iterator[ProcessingError]:
    yield from _check_list("metadata.links", links, MAPPING)
    for index, link in enumerate(links if isinstance(links, list) else ()):
        if isinstance(link, Mapping):
            path = f"metadata.links[{index}]"
            yield from _check(f"{path}.url", link.get("url", MISSING), URL)
            for name in ("title", "icon", "type"):
                yield from _check_optional(path, link, name, NON_EMPTY_TEXT)


def _check_spec(document: Mapping[str, Any]) -> Iterator[ProcessingError]:
    kind = _find_kind(document)
    spec = document.get("spec", MISSING)
    if kind is None and spec is MISSING:
        return
    if not isinstance(spec, Mapping):
        yield _error(MAPPING.rule, "spec", spec)
        return
    if kind is not None:
        if kind.schema:
            yield from check_schema(kind.schema, spec)
        for field in _list_fields(kind, spec):
            yield from _check_field(field, spec)
        for relation in kind.relations:
            yield from _check_refs(relation, spec)


def _list_fields(kind: Kind, spec: Mapping[str, Any]) -> tuple[SpecField, ...]:
    type_ = spec.get("type")
    special = kind.by_type.get(type_) if isinstance(type_, str) else None
    return kind.fields + (kind.otherwise if special is None else special)


def _check_field(field: SpecField, spec: Mapping[str, Any]) -> Iterator[ProcessingError]:
    value = _find_value(spec, field.name)
    if value is MISSING and not field.required:
        return
    path = f"spec.{field.name}"
    if field.each is None:
        yield from _check(path, value, field.format)
    else:
        yield from _check_list(path, value, field.each)


def _check_refs(relation: RelationField, spec: Mapping[str, Any]) -> Iterator[ProcessingError]:
    for suffix, text in list_refs(spec, relation):
        path = f"spec.{relation.name}{suffix}"
        try:
            parse_target(text, relation)
        except EntityRefError as error:
            yield _error(f"must be an entity reference: {error.rule}", path, text)


def _check_list(path: str, value: Any, each: Format) -> Iterator[ProcessingError]:
    yield from _check(path, value, LIST)
    for index, item in enumerate(value if isinstance(value, list) else ()):
        yield from _check(f"{path}[{index}]", item, each)


def _check_optional(
    path: str, parent: Mapping[str, Any], name: str, format_: Format
) -> Iterator[ProcessingError]:
    if name in parent:
        yield from _check(f"{path}.{name}", parent[name], format_)


def _check(path: str, value: Any, format_: Format) -> Iterator[ProcessingError]:
    if not format_.accepts(value):
        yield _error(format_.rule, path, value)


def _find_kind(document: Mapping[str, Any]) -> Kind | None:
    kind = document.get("kind")
    return KINDS.get(kind.lower()) if isinstance(kind, str) else None


def _find_value(spec: Mapping[str, Any], dotted_name: str) -> Any:
    value: Any = spec
    for name in dotted_name.split("."):
        value = value.get(name, MISSING) if isinstance(value, Mapping) else MISSING
    return value


def _error(rule: str, field: str, value: Any) -> ProcessingError:
    return ProcessingError(rule, field, show_value(value))
