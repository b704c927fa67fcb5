"""`$openapi` and `$asyncapi`: a definition with its references to other files resolved.

Source: `jsonSchemaRefPlaceholderResolver` of
`@backstage/plugin-catalog-backend-module-backstage-openapi`, which bundles with
`@apidevtools/json-schema-ref-parser`: references within the document stay as they are.
"""

import posixpath
from collections.abc import Callable
from typing import Any

import yaml

from backstage_py.plugins.catalog.errors import DescriptorError, ProcessingError, show_value

MAX_REFERENCES = 1_000
"""The limit of references followed, for files that refer to each other."""

ReadTarget = Callable[[str], str]
ParseYaml = Callable[[str, str], Any]


def bundle(target: str, read_target: ReadTarget, parse: ParseYaml) -> str:
    """Return the definition at a path as YAML, with the files that `$ref` names inserted.

    Args:
        target: The path, relative to the descriptor.
        read_target: Returns the text at a path, or raises `DescriptorError`.
        parse: Returns the one document of a YAML or JSON text.

    Raises:
        DescriptorError: If a file cannot be read, or a reference leads nowhere.
    """
    bundler = _Bundler(read_target, parse, {})
    text = read_target(target)
    bundler.documents[target] = parse(text, target)
    document = bundler.resolve(bundler.documents[target], target)
    return yaml.safe_dump(document, sort_keys=False, allow_unicode=True)


class _Bundler:
    def __init__(
        self, read_target: ReadTarget, parse: ParseYaml, documents: dict[str, Any]
    ) -> None:
        self.read_target = read_target
        self.parse = parse
        self.documents = documents
        self.followed = 0

    def resolve(self, value: Any, file: str) -> Any:
        if isinstance(value, list):
            return [self.resolve(one, file) for one in value]
        if not isinstance(value, dict):
            return value
        reference = value.get("$ref")
        if isinstance(reference, str) and not reference.startswith("#"):
            return self._follow(reference, file)
        return {key: self.resolve(one, file) for key, one in value.items()}

    def _follow(self, reference: str, file: str) -> Any:
        self.followed += 1
        if self.followed > MAX_REFERENCES:
            raise _refuse(f"must not follow more than {MAX_REFERENCES} references", reference)
        path, _, pointer = reference.partition("#")
        target = f"./{posixpath.normpath(posixpath.join(posixpath.dirname(file), path))}"
        if target not in self.documents:
            self.documents[target] = self.parse(self.read_target(target), target)
        found = self.documents[target]
        for part in filter(None, pointer.split("/")):
            key = part.replace("~1", "/").replace("~0", "~")
            if not isinstance(found, dict) or key not in found:
                raise _refuse("must refer to something that is there", reference)
            found = found[key]
        return self.resolve(found, target)


def _refuse(rule: str, reference: str) -> DescriptorError:
    return DescriptorError(ProcessingError(rule, value=show_value(reference)))
