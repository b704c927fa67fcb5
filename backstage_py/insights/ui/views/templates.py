"""The tiles of templates: from opening one to what it made."""

from backstage_py.insights import TemplateFunnel, TemplateOutcomes, TimeSaved, TimeSavedByTeam
from backstage_py.insights.ui.tiles import Chart, Column, Tile
from backstage_py.insights.ui.views.shared import CREATED, DATE, HOURS, MONEY, USERS

TEMPLATES = (
    Tile(
        "funnel",
        "From opening a template to what it made",
        "How many visits got so far, and where the others gave up.",
        lambda _grain, query: TemplateFunnel(template=query.more.get("template")),
        columns=(
            Column("name", "Step"),
            Column("sessions", "Visits", "number"),
            Column("share", "Of the first", "share"),
        ),
        chosen={"template": "entityRef"},
        picture="runs",
        is_wide=True,
        empty="No template was opened in this time.",
    ),
    Tile(
        "outcomes",
        "What became of the runs",
        "Choose a template to see its funnel. The time is the median from start to end.",
        lambda _grain, _query: TemplateOutcomes(),
        columns=(
            Column("entityRef", "Template", "template"),
            Column("created", "Runs", "number", is_measure=True),
            Column("completed", "Finished", "number"),
            Column("failed", "Failed", "number"),
            Column("cancelled", "Cancelled", "number"),
            Column("medianSeconds", "Takes", "seconds"),
            HOURS,
            MONEY,
        ),
        conditions=CREATED,
        drill={"entityRef": "entityRef"},
        is_wide=True,
        empty="No template was run in this time.",
    ),
    Tile(
        "saved",
        "Time saved",
        "Hours, as the templates that were run say it.",
        lambda grain, _query: TimeSaved(grain),
        columns=(DATE, Column("runs", "Runs", "number"), HOURS, MONEY),
        chart=Chart("bars", {"hours": "Time saved"}, "hours"),
        conditions=CREATED,
    ),
    Tile(
        "saved-by-team",
        "Time saved by team",
        "Whoever is in two teams counts in both.",
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
