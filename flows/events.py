"""What automations may act on: an event for each alarm about the data that is new."""

from prefect.events import emit_event

from etl.accounts import RunReport
from etl.quality import told

ALARM = "newsfold.quality.alarm"


def emit_alarms(report: RunReport) -> None:
    """Emit an event for each fresh alarm of a run; one that lasts was told before."""
    for check in report.alarms:
        if check.fresh:
            name = check.source or "database"
            emit_event(
                ALARM,
                resource={"prefect.resource.id": f"newsfold.source.{name}", "prefect.resource.name": name},
                payload={
                    "run_id": report.run_id,
                    "metric": check.metric,
                    "value": check.value,
                    "usual": check.usual,
                    "documents": check.documents,
                    "message": told(check),
                },
            )
