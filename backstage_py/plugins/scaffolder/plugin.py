"""The software templates' declaration. Source of the names: `@backstage/plugin-scaffolder`."""

from backstage_py.analytics import (
    CATALOG_ENTITY_READ,
    SCAFFOLDER_TASK_CREATE,
    SCAFFOLDER_TASK_READ,
    SCAFFOLDER_TEMPLATE_MANAGEMENT,
    SCAFFOLDER_TEMPLATE_PARAMETER_READ,
    SCAFFOLDER_TEMPLATE_STEP_READ,
)
from backstage_py.plugins.catalog.api import Entity, EntityLink, offer_entity_link
from backstage_py.plugins.scaffolder.pages.actions_page import actions_page
from backstage_py.plugins.scaffolder.pages.editor_page import template_editor_page
from backstage_py.plugins.scaffolder.pages.list_page import template_list_page
from backstage_py.plugins.scaffolder.pages.task_list_page import task_list_page
from backstage_py.plugins.scaffolder.pages.task_page import task_page
from backstage_py.plugins.scaffolder.pages.wizard_page import template_wizard_page
from backstage_py.plugins.scaffolder.routes import (
    ACTIONS,
    EDIT,
    LIST_TASKS,
    ROOT,
    SELECTED_TEMPLATE,
    TASK,
)
from backstage_py.plugins.scaffolder.service import get_scaffolder
from backstage_py.plugins.scaffolder.state.actions_state import ActionsState
from backstage_py.plugins.scaffolder.state.editor_state import EditorState
from backstage_py.plugins.scaffolder.state.list_state import TemplateListState
from backstage_py.plugins.scaffolder.state.task_state import TaskState
from backstage_py.plugins.scaffolder.state.tasks_state import TaskListState
from backstage_py.plugins.scaffolder.state.wizard_state import WizardState
from backstage_py.plugins.scaffolder.task_api.routes import scaffolder_api_routes
from backstage_py.portal.plugin import NavItem, PageExtension, PortalPlugin
from backstage_py.ui.browser_module import stylesheet


def _start() -> None:
    get_scaffolder().start()


def _find_form(entity: Entity) -> str:
    """The path of a template's form; empty for other kinds."""
    if entity.kind.lower() != "template":
        return ""
    return SELECTED_TEMPLATE.link(namespace=entity.namespace, name=entity.name)


offer_entity_link(
    EntityLink("scaffolder", "Launch template", "circle-play", _find_form, is_primary=True)
)

scaffolder_plugin = PortalPlugin(
    id="scaffolder",
    stylesheets=(stylesheet(__file__, "scaffolder.css"),),
    pages=(
        PageExtension(
            permission=CATALOG_ENTITY_READ,
            name="ScaffolderPage",
            route_ref=ROOT,
            title="Create a new component",
            page=template_list_page,
            on_load=TemplateListState.load,
        ),
        PageExtension(
            permission=SCAFFOLDER_TEMPLATE_PARAMETER_READ,
            name="TemplateWizardPage",
            route_ref=SELECTED_TEMPLATE,
            title="Template",
            page=template_wizard_page,
            on_load=WizardState.load,
        ),
        PageExtension(
            permission=SCAFFOLDER_TASK_READ,
            name="ListTasksPage",
            route_ref=LIST_TASKS,
            title="Tasks",
            page=task_list_page,
            on_load=TaskListState.load,
        ),
        PageExtension(
            permission=SCAFFOLDER_TASK_READ,
            name="OngoingTask",
            route_ref=TASK,
            title="Task",
            page=task_page,
            on_load=TaskState.load,
        ),
        PageExtension(
            permission=SCAFFOLDER_TEMPLATE_STEP_READ,
            name="ActionsPage",
            route_ref=ACTIONS,
            title="Installed actions",
            page=actions_page,
            on_load=ActionsState.load,
        ),
        PageExtension(
            permission=SCAFFOLDER_TEMPLATE_MANAGEMENT,
            name="TemplateEditorPage",
            route_ref=EDIT,
            title="Template editor",
            page=template_editor_page,
            on_load=EditorState.load,
        ),
    ),
    nav_items=(NavItem("Create", "circle-plus", ROOT, permission=SCAFFOLDER_TASK_CREATE),),
    commands=(
        NavItem("Tasks of templates", "list-checks", LIST_TASKS),
        NavItem("Installed actions", "blocks", ACTIONS),
        NavItem("Template editor", "square-pen", EDIT, permission=SCAFFOLDER_TEMPLATE_MANAGEMENT),
    ),
    on_start=_start,
    api_routes=scaffolder_api_routes,
)
