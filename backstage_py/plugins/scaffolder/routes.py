"""The routes of the software templates. Source of the ids: `@backstage/plugin-scaffolder`."""

from backstage_py.portal.routes import RouteRef

ROOT = RouteRef("scaffolder", "/create")
SELECTED_TEMPLATE = RouteRef("scaffolder/selected-template", "/create/templates/[namespace]/[name]")
LIST_TASKS = RouteRef("scaffolder/list-tasks", "/create/tasks")
TASK = RouteRef("scaffolder/task", "/create/tasks/[id]")
ACTIONS = RouteRef("scaffolder/actions", "/create/actions")
EDIT = RouteRef("scaffolder/edit", "/create/edit")
