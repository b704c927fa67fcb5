"""From locations to entities: follow them, read their files, keep what was good before.

One ingestion reads everything anew. What a source no longer gives because it broke is taken from
the previous ingestion and shown with the error; what its author took out is gone.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from backstage_py.plugins.catalog.confined_folder import ConfinedFolder, find_static_folder
from backstage_py.plugins.catalog.descriptor import DeclaredEntity, Descriptor, read_descriptor
from backstage_py.plugins.catalog.entity import (
    MANAGED_BY_LOCATION,
    MANAGED_BY_ORIGIN_LOCATION,
    Entity,
    StatusItem,
)
from backstage_py.plugins.catalog.errors import (
    DescriptorError,
    MissingFileError,
    ProcessingError,
    show_value,
)
from backstage_py.plugins.catalog.last_good import keep_last_good, to_status
from backstage_py.plugins.catalog.locations import (
    FILE_LOCATION,
    CatalogLocation,
    list_entity_locations,
)
from backstage_py.plugins.catalog.relations import build_relations


@dataclass(frozen=True, slots=True)
class Ingestion:
    """What one pass over all locations found, by the file it stands in."""

    entities_by_file: Mapping[Path, tuple[Entity, ...]] = field(default_factory=dict)
    errors: tuple[ProcessingError, ...] = ()

    @property
    def entities(self) -> tuple[Entity, ...]:
        """All entities, in the order in which they were found."""
        return tuple(entity for found in self.entities_by_file.values() for entity in found)


def ingest(
    locations: Iterable[CatalogLocation], *, base_dir: Path, previous: Ingestion | None = None
) -> Ingestion:
    """Read all locations; relative ones start at `base_dir`."""
    run = _Run(base_dir.resolve(), previous or Ingestion())
    for location in locations:
        run.follow_configured(location)
    run.read_all()
    return run.finish()


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a location is written: what to blame, and which entity to show it on."""

    field: str
    file: str = ""
    line: int | None = None
    entity_ref: str = ""

    def blame(self, error: ProcessingError) -> ProcessingError:
        return replace(error, field=self.field, file=self.file, line=self.line)


@dataclass(frozen=True, slots=True)
class _Source:
    """A file to read, and how the catalog came to it."""

    file: Path
    folder: ConfinedFolder
    origin: CatalogLocation
    place: _Place
    optional: bool


class _Run:
    """The state of one ingestion."""

    def __init__(self, base_dir: Path, previous: Ingestion) -> None:
        self._base_dir = base_dir
        self._previous = previous
        self._queue: deque[_Source] = deque()
        self._entities_by_file: dict[Path, list[Entity]] = {}
        self._label_by_ref: dict[str, str] = {}
        self._errors: list[ProcessingError] = []

    def follow_configured(self, location: CatalogLocation) -> None:
        folder = ConfinedFolder(self._base_dir / find_static_folder(location.target))
        self._follow(location, self._base_dir, folder, location, _Place(location.field))

    def read_all(self) -> None:
        while self._queue:
            source = self._queue.popleft()
            if source.file not in self._entities_by_file:
                self._read_source(source)

    def finish(self) -> Ingestion:
        found = Ingestion({file: tuple(each) for file, each in self._entities_by_file.items()})
        relations = build_relations(found.entities)
        status: defaultdict[str, list[StatusItem]] = defaultdict(list)
        for error in self._errors:
            status[error.entity_ref].append(to_status(error))
        completed = {
            file: tuple(
                replace(
                    entity,
                    relations=relations.get(entity.entity_ref, ()),
                    status=(*entity.status, *status.get(entity.entity_ref, ())),
                )
                for entity in entities
            )
            for file, entities in found.entities_by_file.items()
        }
        return Ingestion(completed, tuple(self._errors))

    def _follow(
        self,
        location: CatalogLocation,
        beside: Path,
        folder: ConfinedFolder,
        origin: CatalogLocation,
        place: _Place,
    ) -> None:
        try:
            paths = _find_files(location, beside, folder)
        except DescriptorError as error:
            self._report(error, place)
            return
        for path in paths:
            try:
                file = folder.confine(path)
            except DescriptorError as error:
                self._report(error, place)
            else:
                self._queue.append(_Source(file, folder, origin, place, location.optional))

    def _report(self, error: DescriptorError, place: _Place) -> None:
        self._errors.append(replace(place.blame(error.error), entity_ref=place.entity_ref))

    def _read_source(self, source: _Source) -> None:
        self._entities_by_file[source.file] = []
        descriptor = self._read_descriptor(source)
        previous = self._previous.entities_by_file.get(source.file, ())
        for error in descriptor.errors:
            entity_ref = error.entity_ref or source.place.entity_ref
            self._errors.append(replace(error, entity_ref=entity_ref))
        for declared in keep_last_good(descriptor, previous):
            self._add(declared, source)

    def _read_descriptor(self, source: _Source) -> Descriptor:
        label = self._label(source.file)
        read_target = partial(source.folder.read_text, beside=source.file.parent)
        try:
            text = source.folder.read_text(source.file.name, beside=source.file.parent)
        except DescriptorError as error:
            if source.optional and isinstance(error, MissingFileError):
                return Descriptor()
            unreadable = replace(error.error, value=show_value(label))
            return Descriptor(errors=(source.place.blame(unreadable),))
        return read_descriptor(text, file=label, read_target=read_target)

    def _add(self, declared: DeclaredEntity, source: _Source) -> None:
        label = self._label(source.file)
        ref = declared.entity.entity_ref
        if ref in self._label_by_ref:
            self._report_duplicate(declared, label)
            return
        self._label_by_ref[ref] = label
        entity = _annotate(declared.entity, label, source.origin)
        self._entities_by_file[source.file].append(entity)
        for location in list_entity_locations(entity):
            place = _Place(location.field, label, declared.find_line(location.field), ref)
            self._follow(location, source.file.parent, source.folder, source.origin, place)

    def _report_duplicate(self, declared: DeclaredEntity, label: str) -> None:
        ref = declared.entity.entity_ref
        rule = (
            f"an entity may be declared only once, and it is already in {self._label_by_ref[ref]}"
        )
        line = declared.find_line("metadata.name")
        self._errors.append(
            ProcessingError(rule, "metadata.name", show_value(ref), label, line, entity_ref=ref)
        )

    def _label(self, file: Path) -> str:
        """Name a file for people: from the portal's folder on, if it is in there."""
        inside = file.is_relative_to(self._base_dir)
        return str(file.relative_to(self._base_dir) if inside else file)


def _find_files(location: CatalogLocation, beside: Path, folder: ConfinedFolder) -> list[Path]:
    if location.type != FILE_LOCATION:
        rule = "only locations of the type file are read"
        raise DescriptorError(ProcessingError(rule, value=show_value(str(location))))
    files = folder.find_files(location.target, beside=beside)
    if not files and not location.optional:
        raise DescriptorError(ProcessingError("no file matches", value=show_value(location.target)))
    return files


def _annotate(entity: Entity, label: str, origin: CatalogLocation) -> Entity:
    annotations = {
        **entity.annotations,
        MANAGED_BY_LOCATION: f"{FILE_LOCATION}:{label}",
        MANAGED_BY_ORIGIN_LOCATION: str(origin),
    }
    return replace(entity, metadata={**entity.metadata, "annotations": annotations})
