"""The journeys of a visit: each is a real path through the portal."""

from collections.abc import Callable, Sequence
from random import Random
from typing import TypeVar

from backstage_py.plugins.insights.sample import places
from backstage_py.plugins.insights.sample.company import Company, SampleTemplate, Thing
from backstage_py.plugins.insights.sample.visit import SHELL, Visit

_T = TypeVar("_T")

Journey = Callable[[Visit, "Interests"], None]

_MISSING_TERMS = (
    *("vpn access", "jenkins", "gpu cluster", "expense report", "kafka quota", "on-call rota"),
    *("cost report", "test data", "sandbox account", "chat bot", "old timetable", "incident"),
)
_DEAD_ENDS = (
    *("/wiki/onboarding", "/catalog/default/component/legacy-ticketing", "/docs/handbook"),
    *("/catalog/default/component/train-api", "/create/templates/default/python-service"),
    *("/tech-radar", "/catalog/default/system/booking", "/docs/default/component/old-planner"),
)
_NEW_NAMES = (
    "delay",
    "platform",
    "seat",
    "crew",
    "weather",
    "refund",
    "signal",
    "depot",
    "luggage",
)
_NEW_ROLES = ("service", "api", "worker", "gateway", "board", "planner")
_MOST_STEPS_BACK = 0.2


class Interests:
    """The entities a team member views: mostly their team's own, and popular ones."""

    def __init__(self, random: Random, company: Company, team: str) -> None:
        self.random = random
        self.company = company
        self._own = [thing for thing in company.things if thing.owner == team]

    def thing(self) -> Thing | None:
        """A thing of the catalog."""
        own = self._own if self.random.random() < 0.55 else ()
        return popular(self.random, own or self.company.things)

    def of_kind(self, kind: str) -> Thing | None:
        """A thing of a kind."""
        return popular(self.random, [one for one in self.company.things if one.kind == kind])

    def document(self) -> Thing | None:
        """Something with documentation."""
        return popular(self.random, self.company.documented)

    def template(self) -> SampleTemplate | None:
        """A software template."""
        return popular(self.random, self.company.templates)

    def found(self, term: str) -> list[Thing]:
        """The results of a search for a term."""
        words = term.lower().split()
        return [
            thing
            for thing in (*self.company.things, *(one.thing for one in self.company.templates))
            if all(word in f"{thing.title} {thing.name}".lower() for word in words)
        ]


def popular(random: Random, choices: Sequence[_T]) -> _T | None:
    """A random item, the first ones much more often than the last."""
    return choices[int(random.random() ** 2 * len(choices))] if choices else None


def browse(visit: Visit, interests: Interests) -> None:
    """Look for an entity in the catalog, and view its relations."""
    visit.use_sidebar("Catalog", places.CATALOG)
    for _ in range(visit.random.randint(1, 3)):
        thing = interests.thing()
        if thing is None or visit.place is None:
            return
        visit.follow(thing.title, places.entity_page(thing))
        _look_around(visit, interests, thing)
        if visit.random.random() < 0.5:
            visit.follow("Catalog", places.CATALOG)


def _look_around(visit: Visit, interests: Interests, thing: Thing) -> None:
    random = visit.random
    if thing.kind in {"component", "resource"} and random.random() < 0.4:
        visit.follow("Dependencies", places.entity_page(thing, "/dependencies"))
    if thing.kind == "component" and random.random() < 0.3:
        visit.follow("API", places.entity_page(thing, "/api"))
    if thing.kind == "api" and random.random() < 0.6:
        visit.follow("Definition", places.entity_page(thing, "/definition"))
    if random.random() < 0.2 and (other := interests.thing()):
        visit.follow(other.title, places.entity_page(other), extension="EntityCatalogGraphCard")
    elif thing.owner and random.random() < 0.2:
        owner = Thing(thing.owner, _title_of(thing.owner))
        visit.follow(owner.title, places.entity_page(owner), extension="EntityAboutCard")
    if random.random() < 0.12:
        visit.act("star", thing.title, attributes={"entityRef": thing.ref})


def search(visit: Visit, interests: Interests) -> None:
    """Search by name; open a result, give up, or reword the search."""
    in_modal = visit.random.random() < 0.4
    if in_modal:
        here = visit.place.address if visit.place else "/"
        context = {key: value for key, value in places.SEARCH_MODAL.items() if key != "searchTypes"}
        visit.wait(4)
        visit.capture("click", "Search", context, attributes={"to": here})
    else:
        visit.use_sidebar("Search", places.SEARCH)
    for attempt in range(visit.random.choice((1, 1, 1, 2, 3))):
        if _ask(visit, interests, in_modal=in_modal, attempt=attempt):
            return


def _ask(visit: Visit, interests: Interests, *, in_modal: bool, attempt: int) -> bool:
    """Search once; returns whether a result was opened."""
    random = visit.random
    term = _term(random, interests, is_first=not attempt)
    found = interests.found(term)
    context = places.SEARCH_MODAL if in_modal else places.SEARCH.on_page
    visit.wait(6)
    visit.capture("search", term, context, value=len(found))
    if not found or random.random() < 0.24:
        return False
    rank = int(random.random() ** 2.4 * len(found))
    result = found[rank]
    visit.wait(7)
    to = {"to": result.path}
    visit.capture("discover", result.title, context, value=rank + 1, attributes=to)
    visit.arrive(places.entity_page(result))
    _look_around(visit, interests, result)
    return True


def _term(random: Random, interests: Interests, *, is_first: bool) -> str:
    thing = interests.thing()
    if thing is None or random.random() < (0.16 if is_first else 0.08):
        return popular(random, _MISSING_TERMS) or ""
    words = thing.title.lower().split()
    return " ".join(words) if random.random() < 0.4 else random.choice(words)


def read(visit: Visit, interests: Interests) -> None:
    """Read some pages of a documentation."""
    documented = interests.document()
    if documented is None:
        return
    visit.use_sidebar("Docs", places.DOCS)
    visit.follow(documented.title, places.doc_page(documented))
    for page in places.DOC_PAGES[1:]:
        if visit.random.random() < 0.38:
            title = page.replace("-", " ").capitalize()
            visit.wait(50)
            visit.follow(title, places.doc_page(documented, page))


def create(visit: Visit, interests: Interests) -> None:
    """Create something from a template; many look, some start, and not every run succeeds."""
    template = interests.template()
    visit.use_sidebar("Create", places.CREATE)
    if template is None or visit.random.random() < 0.3:
        return
    visit.click("Template has been opened")
    visit.arrive(places.template_form(template))
    for step in range(1, template.steps + 1):
        if visit.random.random() < _MOST_STEPS_BACK:
            return
        visit.wait(35)
        visit.click(f"Next Step ({step})")
    if visit.random.random() > 0.1:
        _run(visit, template)


def _run(visit: Visit, template: SampleTemplate) -> None:
    random = visit.random
    name = f"{random.choice(_NEW_NAMES)}-{random.choice(_NEW_ROLES)}"
    visit.click("Create")
    visit.act("create", name, value=template.minutes)
    task_id = f"{random.getrandbits(64):016x}"
    context = places.outcome(template, task_id)
    visit.arrive(places.task_page(template, task_id))
    visit.wait(20)
    luck = random.random()
    if luck < 0.06:
        visit.act("cancelled", "Template has been cancelled")
        visit.capture("cancelled", name, context, origin="server")
        return
    if luck < 0.18:
        visit.capture("failed", name, context, origin="server")
        if random.random() < 0.6:
            return
        visit.wait(30)
        visit.act("retried", "Template has been retried")
        visit.wait(20)
    visit.capture("completed", name, context, value=template.minutes, origin="server")


def read_apis(visit: Visit, interests: Interests) -> None:
    """Look at the definition of an API."""
    visit.use_sidebar("APIs", places.API_DOCS)
    api = interests.of_kind("api")
    if api is not None:
        visit.follow(api.title, places.entity_page(api))
        _look_around(visit, interests, api)


def walk_the_graph(visit: Visit, interests: Interests) -> None:
    """Go from node to node."""
    visit.use_sidebar("Graph", places.GRAPH)
    for _ in range(visit.random.randint(1, 4)):
        if thing := interests.thing():
            visit.click(thing.title)


def get_lost(visit: Visit, _interests: Interests) -> None:
    """Follow an old bookmark, and start over."""
    visit.wait(5)
    address = popular(visit.random, _DEAD_ENDS) or "/wiki"
    context = None
    if address.startswith("/catalog/"):
        kind, name = address.split("/")[3:5]
        page = places.entity_page(Thing(f"{kind}:default/{name}", name))
        context = page.on_page
    visit.get_lost(address, context)
    if visit.random.random() < 0.6:
        visit.wait(6)
        visit.capture("click", "Go to Home", SHELL, attributes={"to": "/"})
        visit.arrive(places.HOME)


def register(visit: Visit, _interests: Interests) -> None:
    """Register a component in the catalog."""
    visit.use_sidebar("Register", places.IMPORT)
    visit.wait(30)
    if visit.random.random() < 0.6:
        visit.click("import entity")


def watch(visit: Visit, _interests: Interests) -> None:
    """View the health of the portal."""
    visit.use_sidebar("Events", places.EVENTS)
    if visit.random.random() < 0.5:
        visit.use_sidebar("Health", places.HEALTH)


JOURNEYS: dict[Journey, float] = {
    browse: 34,
    search: 34,
    read: 14,
    create: 7,
    read_apis: 7,
    walk_the_graph: 4,
    get_lost: 2.5,
    register: 1,
    watch: 0.8,
}
"""The weight of each journey."""


def _title_of(ref: str) -> str:
    return ref.rpartition("/")[2].removesuffix("-team").replace("-", " ").title()
