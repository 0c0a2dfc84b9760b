"""The only place that knows Prefect. Logic lives in `etl`; a flow or a task here calls it and says how it went."""
