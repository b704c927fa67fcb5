"""Compares descriptors with Backstage's answers: `python -m tests.conformance.descriptors FOLDER`.

The folder has descriptors and `EXPECTED.jsonl`, a line for each file with its documents. Each is
`refused`, `foreign` or an entity and the relations that it makes. Either outcome is right for a
foreign one: Backstage's own processors do not know its kind, and others may. An entity that is kept
with a placeholder that cannot be read, and reported, counts as refused.
"""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from backstage_py.plugins.catalog.errors import DescriptorError
from backstage_py.plugins.catalog.model.descriptor import Descriptor, read_descriptor
from backstage_py.plugins.catalog.model.entity import Entity
from backstage_py.plugins.catalog.model.relations import build_relations
from backstage_py.plugins.catalog.sources.file_text import decode_text, miss

DEREFERENCED = "<deref>"
"""The placeholder for a definition whose references were replaced."""
Difference = tuple[str, str]


def compare(folder: Path) -> Iterator[Difference]:
    """Give each document as (`file ref`, difference); the second is empty if there is none."""
    for expected in map(json.loads, (folder / "EXPECTED.jsonl").read_bytes().splitlines()):
        descriptor = _read(folder / expected["file"])
        yield from _compare_file(expected["file"], expected["documents"], descriptor)


def _read(file: Path) -> Descriptor:
    def read_target(target: str) -> str:
        try:
            return decode_text((file.parent / target).read_bytes(), target)
        except FileNotFoundError:
            raise miss(target) from None

    try:
        text = decode_text(file.read_bytes(), file.name)
    except DescriptorError as error:
        return Descriptor(errors=(error.error,))
    return read_descriptor(text, file=file.name, read_target=read_target)


def _compare_file(
    file: str, documents: Sequence[Mapping[str, Any]], descriptor: Descriptor
) -> Iterator[Difference]:
    given = {one.entity.entity_ref: one.entity for one in descriptor.entities}
    reported = {one.entity_ref for one in descriptor.errors}
    errors = "; ".join(map(str, descriptor.errors)) or "no error"
    for document in documents:
        entity = given.pop(document["ref"] or "", None)
        if document.get("foreign"):
            yield f"{file} {document['ref']}", ""
        elif "entity" not in document:
            is_refused = bool(descriptor.errors) if entity is None else document["ref"] in reported
            yield f"{file} {document['ref']}", "" if is_refused else "taken, Backstage: refused"
        elif entity is None:
            yield f"{file} {document['ref']}", f"refused ({errors}), Backstage: taken"
        else:
            yield f"{file} {document['ref']}", _compare_entity(entity, document)
    yield from ((f"{file} {ref}", "taken, Backstage: not there") for ref in given)


def _compare_entity(entity: Entity, document: Mapping[str, Any]) -> str:
    wire = entity.to_wire()
    metadata = {key: one for key, one in wire["metadata"].items() if key not in {"uid", "etag"}}
    given = {"apiVersion": wire["apiVersion"], "kind": wire["kind"], "metadata": metadata}
    given |= {"spec": wire["spec"]} if "spec" in document["entity"] else {}
    if document["entity"].get("spec", {}).get("definition") == DEREFERENCED:
        is_read = isinstance(entity.spec.get("definition"), str)
        given["spec"] = {**given["spec"], "definition": DEREFERENCED if is_read else None}
    if given != document["entity"]:
        return f"{json.dumps(given)}, Backstage: {json.dumps(document['entity'])}"
    relations = sorted(
        f"{ref} {one.type} {one.target_ref}"
        for ref, found in build_relations([entity]).items()
        for one in found
    )
    expected = sorted(document["relations"])
    return "" if relations == expected else f"relations {relations}, Backstage: {expected}"


def main(arguments: Sequence[str]) -> int:
    """Print each difference and the count; gives 1 if any differs."""
    results = [result for folder in arguments for result in compare(Path(folder))]
    for where, difference in results:
        if difference:
            print(f"{where}: {difference}")
    equal = sum(not difference for _, difference in results)
    print(f"{equal} of {len(results)} equal")
    return int(equal < len(results))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
