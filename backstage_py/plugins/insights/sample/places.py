"""The pages of the portal that a sample history visits; a test compares them with the plugins."""

from backstage_py.analytics import Scalar
from backstage_py.plugins.insights.sample.company import SampleTemplate, Thing
from backstage_py.plugins.insights.sample.visit import SHELL, Place

HOME = Place("/", "home", "home", "HomepageCompositionRoot")
CATALOG = Place("/catalog", "catalog", "catalog", "CatalogIndexPage")
API_DOCS = Place("/api-docs", "api-docs", "api-docs", "ApiExplorerPage")
SEARCH = Place("/search", "search", "search", "SearchPage", context={"searchTypes": ""})
GRAPH = Place("/catalog-graph", "catalog-graph", "catalog-graph", "CatalogGraphPage")
IMPORT = Place("/catalog-import", "catalog-import", "catalog-import", "CatalogImportPage")
DOCS = Place("/docs", "techdocs", "techdocs:index-page", "TechDocsIndexPage")
CREATE = Place("/create", "scaffolder", "scaffolder", "ScaffolderPage")
EVENTS = Place("/events", "events", "events", "EventsPage")
HEALTH = Place("/health", "health", "health", "HealthPage")

SEARCH_MODAL = {
    "pluginId": "search",
    "routeRef": "unknown",
    "extension": "SidebarSearchModal",
    "searchTypes": "",
}

DOC_PAGES = ("", "getting-started", "architecture", "runbook", "api", "faq")


def entity_page(thing: Thing, tab: str = "") -> Place:
    """The page of an entity, or a tab of it."""
    return Place(
        f"{thing.path}{tab}",
        "catalog",
        "catalog:catalog-entity",
        "CatalogEntityPage",
        params={"namespace": thing.namespace, "kind": thing.kind, "name": thing.name},
        context={"entityRef": thing.ref},
    )


def doc_page(thing: Thing, page: str = "") -> Place:
    """A page of an entity's documentation."""
    params = {"namespace": thing.namespace, "kind": thing.kind, "name": thing.name}
    return Place(
        f"/docs/{thing.namespace}/{thing.kind}/{thing.name}" + (f"/{page}" if page else ""),
        "techdocs",
        "techdocs:reader-page",
        "TechDocsReaderPage",
        params=params,
        context={"entityRef": thing.ref},
    )


def template_form(template: SampleTemplate) -> Place:
    """The form of a template."""
    thing = template.thing
    return Place(
        f"/create/templates/{thing.namespace}/{thing.name}",
        "scaffolder",
        "scaffolder/selected-template",
        "TemplateWizardPage",
        params={"namespace": thing.namespace, "name": thing.name},
        context={"entityRef": thing.ref},
    )


def outcome(template: SampleTemplate, task_id: str) -> dict[str, Scalar]:
    """The context of the end of a run, which the server captures."""
    return {**SHELL, "pluginId": "scaffolder", "entityRef": template.thing.ref, "taskId": task_id}


def task_page(template: SampleTemplate, task_id: str) -> Place:
    """The page of a run."""
    return Place(
        f"/create/tasks/{task_id}",
        "scaffolder",
        "scaffolder/task",
        "OngoingTask",
        params={"id": task_id},
        context={"entityRef": template.thing.ref, "taskId": task_id},
    )
