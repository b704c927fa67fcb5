"""The public API of this plugin, for other plugins."""

from backstage_py.plugins.catalog.entity_links import EntityLink, offer_entity_link
from backstage_py.plugins.catalog.errors import (
    CatalogError,
    DescriptorError,
    MissingFileError,
    ProcessingError,
)
from backstage_py.plugins.catalog.index.entity_filter import EntityFilter
from backstage_py.plugins.catalog.index.facets import FacetValue
from backstage_py.plugins.catalog.index.search_index import SearchIndex
from backstage_py.plugins.catalog.ingestion.registrations import Preview
from backstage_py.plugins.catalog.integrations.integrations import Integrations
from backstage_py.plugins.catalog.integrations.repository import (
    AzureDevOps,
    BitbucketCloud,
    GitHub,
    GitLab,
    RepositoryPath,
)
from backstage_py.plugins.catalog.model.descriptor import check_document
from backstage_py.plugins.catalog.model.entity import Entity
from backstage_py.plugins.catalog.model.entity_ref import EntityRef
from backstage_py.plugins.catalog.model.yaml_documents import YamlDocument, parse_documents
from backstage_py.plugins.catalog.people import CatalogPeople
from backstage_py.plugins.catalog.reader import CatalogReader, Page
from backstage_py.plugins.catalog.routes import CATALOG_ENTITY, CATALOG_IMPORT, ENTITY_OVERVIEW
from backstage_py.plugins.catalog.rows import plural, title_of
from backstage_py.plugins.catalog.service import (
    CatalogService,
    capture,
    get_catalog,
    get_integrations,
    get_registrations,
    get_stars,
)
from backstage_py.plugins.catalog.sources.source_folder import SourceFolder
from backstage_py.plugins.catalog.state.entity_listing import EntityListing
from backstage_py.plugins.catalog.store import RegisteredLocation
from backstage_py.plugins.catalog.visibility import see_catalog, visible_catalog

__all__ = [
    "CATALOG_ENTITY",
    "CATALOG_IMPORT",
    "ENTITY_OVERVIEW",
    "AzureDevOps",
    "BitbucketCloud",
    "CatalogError",
    "CatalogPeople",
    "CatalogReader",
    "CatalogService",
    "DescriptorError",
    "Entity",
    "EntityFilter",
    "EntityLink",
    "EntityListing",
    "EntityRef",
    "FacetValue",
    "GitHub",
    "GitLab",
    "Integrations",
    "MissingFileError",
    "Page",
    "Preview",
    "ProcessingError",
    "RegisteredLocation",
    "RepositoryPath",
    "SearchIndex",
    "SourceFolder",
    "YamlDocument",
    "capture",
    "check_document",
    "get_catalog",
    "get_integrations",
    "get_registrations",
    "get_stars",
    "offer_entity_link",
    "parse_documents",
    "plural",
    "see_catalog",
    "title_of",
    "visible_catalog",
]
