"""From locations to entities: follow them, read files, keep the last good versions.

One ingestion reads every file again and parses those whose text changed. Entities missing because
their source broke are taken from the previous ingestion and shown with the error; entities that
their author removed become orphans, for people to delete.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import Literal

from backstage_py.plugins.catalog.errors import (
    DescriptorError,
    MissingFileError,
    ProcessingError,
    show_value,
)
from backstage_py.plugins.catalog.ingestion.last_good import keep_last_good, to_status
from backstage_py.plugins.catalog.model.descriptor import (
    DeclaredEntity,
    Descriptor,
    read_descriptor,
)
from backstage_py.plugins.catalog.model.entity import (
    MANAGED_BY_LOCATION,
    MANAGED_BY_ORIGIN_LOCATION,
    ORPHAN,
    Entity,
    StatusItem,
)
from backstage_py.plugins.catalog.model.relations import build_relations
from backstage_py.plugins.catalog.sources.locations import CatalogLocation, list_entity_locations
from backstage_py.plugins.catalog.sources.sources import Sources, TypedTree

OrphanStrategy = Literal["keep", "delete"]


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """The parsed content of a file, with the digests of it and of all files it names."""

    digest: bytes
    named: Mapping[str, bytes]
    descriptor: Descriptor


@dataclass(frozen=True, slots=True)
class Ingestion:
    """The result of one pass over all locations, by the file's address.

    `parents` are the references of the `Location`s that name a file, by its address as in
    annotations.
    """

    entities_by_file: Mapping[str, tuple[Entity, ...]] = field(default_factory=dict)
    orphans: tuple[Entity, ...] = ()
    errors: tuple[ProcessingError, ...] = ()
    parsed: Mapping[str, ParsedFile] = field(default_factory=dict)
    parents: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def entities(self) -> tuple[Entity, ...]:
        """All entities, in the order in which they were found, orphans last."""
        found = (entity for entities in self.entities_by_file.values() for entity in entities)
        return (*found, *self.orphans)


def ingest(
    locations: Iterable[CatalogLocation],
    sources: Sources,
    *,
    previous: Ingestion | None = None,
    orphan_strategy: OrphanStrategy = "keep",
) -> Ingestion:
    """Read all locations; returns `previous` itself if nothing has changed.

    If an entity is declared twice, the first one counts. Configured locations come before those
    that users registered, which come in the order of their registration: nobody can take over an
    entity by registering another one of its name. Source: the conflicts of location keys in
    `@backstage/plugin-catalog-backend`.
    """
    known = list(locations)
    run = _Run(sources, previous or Ingestion())
    for location in known:
        if not location.is_registered:
            run.follow_root(location)
    run.read_all()
    for location in known:
        if location.is_registered:
            run.follow_root(location)
            run.read_all()
    origins = {str(location) for location in known} if orphan_strategy == "keep" else set[str]()
    return run.finish(origins)


def complete(ingestion: Ingestion) -> Ingestion:
    """Complete each entity with its relations and errors."""
    relations = build_relations(ingestion.entities)
    status: defaultdict[str, list[StatusItem]] = defaultdict(list)
    for error in ingestion.errors:
        status[error.entity_ref].append(to_status(error))

    def add(entity: Entity) -> Entity:
        ref = entity.entity_ref
        items = (*entity.status, *status.get(ref, ()))
        return replace(entity, relations=relations.get(ref, ()), status=items)

    return replace(
        ingestion,
        entities_by_file={
            address: tuple(map(add, entities))
            for address, entities in ingestion.entities_by_file.items()
        },
        orphans=tuple(map(add, ingestion.orphans)),
    )


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a location is written: the file to blame, and the entity to show errors on."""

    field: str
    file: str = ""
    line: int | None = None
    entity_ref: str = ""

    def blame(self, error: ProcessingError) -> ProcessingError:
        return replace(error, field=self.field, file=self.file, line=self.line)


@dataclass(frozen=True, slots=True)
class _Source:
    """A file to read, and the location that led to it."""

    address: str
    tree: TypedTree
    origin: CatalogLocation
    place: _Place
    optional: bool
    label: str


class _Run:
    """The state of one ingestion."""

    def __init__(self, sources: Sources, previous: Ingestion) -> None:
        self._sources = sources
        self._previous = previous
        self._queue: deque[_Source] = deque()
        self._entities_by_file: dict[str, list[Entity]] = {}
        self._label_by_ref: dict[str, str] = {}
        self._errors: list[ProcessingError] = []
        self._parsed: dict[str, ParsedFile] = {}
        self._parents: defaultdict[str, set[str]] = defaultdict(set)

    def follow_root(self, location: CatalogLocation) -> None:
        place = _Place(location.field)
        try:
            tree = self._sources.open(location)
        except DescriptorError as error:
            self._report(error, place)
        else:
            self._follow(location, tree, None, location, place)

    def read_all(self) -> None:
        while self._queue:
            source = self._queue.popleft()
            if source.address not in self._entities_by_file:
                self._read_source(source)

    def finish(self, origins_of_orphans: set[str]) -> Ingestion:
        errors = tuple(self._errors)
        orphans = self._list_orphans(origins_of_orphans)
        if self._is_as_before(errors, orphans):
            return self._previous
        found = {address: tuple(each) for address, each in self._entities_by_file.items()}
        parents = {place: frozenset(refs) for place, refs in self._parents.items()}
        return complete(Ingestion(found, orphans, errors, self._parsed, parents))

    def _is_as_before(
        self, errors: tuple[ProcessingError, ...], orphans: tuple[Entity, ...]
    ) -> bool:
        before = self._previous
        return (
            bool(self._parsed)
            and errors == before.errors
            and self._entities_by_file.keys() == before.entities_by_file.keys()
            and self._parsed.keys() == before.parsed.keys()
            and all(self._parsed[address] is before.parsed[address] for address in self._parsed)
            and {one.entity_ref for one in orphans} == {one.entity_ref for one in before.orphans}
            and all(
                len(each) == len(before.entities_by_file[address])
                for address, each in self._entities_by_file.items()
            )
        )

    def _list_orphans(self, origins: set[str]) -> tuple[Entity, ...]:
        """List the previous entities that no location names any longer."""
        return tuple(
            replace(
                entity,
                metadata={
                    **entity.metadata,
                    "annotations": {**entity.annotations, ORPHAN: "true"},
                },
                status=(),
            )
            for entity in self._previous.entities
            if entity.entity_ref not in self._label_by_ref
            and entity.annotations.get(MANAGED_BY_ORIGIN_LOCATION) in origins
        )

    def _follow(
        self,
        location: CatalogLocation,
        tree: TypedTree,
        beside: str | None,
        origin: CatalogLocation,
        place: _Place,
    ) -> None:
        try:
            addresses = _find(location, tree, beside)
        except DescriptorError as error:
            self._report(error, place)
            return
        for address in addresses:
            label = tree.tree.label(address)
            if place.entity_ref:
                self._parents[f"{tree.type}:{label}"].add(place.entity_ref)
            self._queue.append(_Source(address, tree, origin, place, location.optional, label))

    def _report(self, error: DescriptorError, place: _Place) -> None:
        self._errors.append(replace(place.blame(error.error), entity_ref=place.entity_ref))

    def _read_source(self, source: _Source) -> None:
        self._entities_by_file[source.address] = []
        descriptor = self._read_descriptor(source)
        previous = self._previous.entities_by_file.get(source.address, ())
        for error in descriptor.errors:
            entity_ref = error.entity_ref or source.place.entity_ref
            self._errors.append(replace(error, entity_ref=entity_ref))
        for declared in keep_last_good(descriptor, previous):
            self._add(declared, source)

    def _read_descriptor(self, source: _Source) -> Descriptor:
        try:
            text = source.tree.tree.read(source.address)
        except DescriptorError as error:
            if source.optional and isinstance(error, MissingFileError):
                return Descriptor()
            unreadable = replace(error.error, value=show_value(source.label))
            return Descriptor(errors=(source.place.blame(unreadable),))
        parsed = self._previous.parsed.get(source.address)
        if parsed is None or not self._is_current(parsed, text, source):
            parsed = self._parse(text, source)
        self._parsed[source.address] = parsed
        return parsed.descriptor

    def _parse(self, text: str, source: _Source) -> ParsedFile:
        named: dict[str, bytes] = {}

        def read_target(target: str) -> str:
            try:
                content = self._read_target(target, source)
            except DescriptorError as error:
                named[target] = _digest_failure(error)
                raise
            named[target] = _digest(content)
            return content

        descriptor = read_descriptor(text, file=source.label, read_target=read_target)
        return ParsedFile(_digest(text), named, descriptor)

    def _is_current(self, parsed: ParsedFile, text: str, source: _Source) -> bool:
        return parsed.digest == _digest(text) and all(
            self._digest_target(target, source) == digest for target, digest in parsed.named.items()
        )

    def _digest_target(self, target: str, source: _Source) -> bytes:
        """The digest of a substituted file, or of the reason why it cannot be read."""
        try:
            return _digest(self._read_target(target, source))
        except DescriptorError as error:
            return _digest_failure(error)

    def _read_target(self, target: str, source: _Source) -> str:
        tree = self._sources.of_substitution(target, source.tree)
        return tree.read(tree.resolve(target, beside=source.address))

    def _add(self, declared: DeclaredEntity, source: _Source) -> None:
        ref = declared.entity.entity_ref
        if not source.origin.allows(declared.entity.kind):
            self._report_kind(declared, source)
            return
        if ref in self._label_by_ref:
            self._report_duplicate(declared, source.label)
            return
        self._label_by_ref[ref] = source.label
        entity = _annotate(declared.entity, source)
        self._entities_by_file[source.address].append(entity)
        for location in list_entity_locations(entity):
            line = declared.find_line(location.field)
            place = _Place(location.field, source.label, line, ref)
            try:
                tree = self._sources.follow(location, source.tree)
            except DescriptorError as error:
                self._report(error, place)
            else:
                beside = source.address if tree is source.tree else None
                self._follow(location, tree, beside, source.origin, place)

    def _report_kind(self, declared: DeclaredEntity, source: _Source) -> None:
        kinds = ", ".join(sorted(source.origin.allow or ()))
        rule = f"the rules of {source.origin} allow only {kinds}"
        value, line = show_value(declared.entity.kind), declared.find_line("kind")
        ref = declared.entity.entity_ref
        self._errors.append(
            ProcessingError(rule, "kind", value, source.label, line, entity_ref=ref)
        )

    def _report_duplicate(self, declared: DeclaredEntity, label: str) -> None:
        ref = declared.entity.entity_ref
        rule = (
            f"an entity may be declared only once, and it is already in {self._label_by_ref[ref]}"
        )
        line = declared.find_line("metadata.name")
        self._errors.append(
            ProcessingError(rule, "metadata.name", show_value(ref), label, line, entity_ref=ref)
        )


def _find(location: CatalogLocation, tree: TypedTree, beside: str | None) -> list[str]:
    addresses = tree.tree.find(location.target, beside=beside)
    if not addresses and not location.optional:
        raise DescriptorError(ProcessingError("no file matches", value=show_value(location.target)))
    return addresses


def _digest(text: str) -> bytes:
    return blake2b(text.encode(), digest_size=16).digest()


def _digest_failure(error: DescriptorError) -> bytes:
    return _digest(f"cannot be read: {error}")


def _annotate(entity: Entity, source: _Source) -> Entity:
    annotations = {
        **entity.annotations,
        MANAGED_BY_LOCATION: f"{source.tree.type}:{source.label}",
        MANAGED_BY_ORIGIN_LOCATION: str(source.origin),
    }
    annotations.pop(ORPHAN, None)
    return replace(entity, metadata={**entity.metadata, "annotations": annotations})
