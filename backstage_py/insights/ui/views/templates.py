"""The tiles of templates: from opening one to what it made."""

from backstage_py.insights import TemplateFunnel, TemplateOutcomes, TimeSaved, TimeSavedByTeam
from backstage_py.insights.ui.tiles import Chart, Column, Tile
from backstage_py.insights.ui.views.shared import CREATED, DATE, HOURS, MONEY, USERS

TEMPLATES = (
    Tile(
        "funnel",
        "Template funnel",
        "How many visits reached each step, and where the others dropped off.",
        lambda _grain, query: TemplateFunnel(template=query.more.get("template")),
        columns=(
            Column("name", "Step"),
            Column("sessions", "Visits", "number"),
            Column("share", "Of first step", "share"),
        ),
        chosen={"template": "entityRef"},
        picture="runs",
        is_wide=True,
        empty="No template was opened in this period.",
    ),
    Tile(
        "outcomes",
        "Template runs",
        "Select a template to see its funnel.",
        lambda _grain, _query: TemplateOutcomes(),
        columns=(
            Column("entityRef", "Template", "template"),
            Column("created", "Runs", "number", is_measure=True),
            Column("completed", "Finished", "number"),
            Column("failed", "Failed", "number"),
            Column("cancelled", "Cancelled", "number"),
            Column("medianSeconds", "Median duration", "seconds"),
            HOURS,
            MONEY,
        ),
        conditions=CREATED,
        drill={"entityRef": "entityRef"},
        is_wide=True,
        empty="No template was run in this period.",
    ),
    Tile(
        "saved",
        "Time saved",
        "Hours saved, according to the templates.",
        lambda grain, _query: TimeSaved(grain),
        columns=(DATE, Column("runs", "Runs", "number"), HOURS, MONEY),
        chart=Chart("bars", {"hours": "Time saved"}, "hours"),
        conditions=CREATED,
    ),
    Tile(
        "saved-by-team",
        "Time saved by team",
        "People in several teams are counted in each.",
        lambda _grain, _query: TimeSavedByTeam(),
        columns=(
            Column("team", "Team", "entity"),
            Column("runs", "Runs", "number", is_measure=True),
            USERS,
            HOURS,
            MONEY,
        ),
        conditions=CREATED,
        drill={"team": "team"},
    ),
)
