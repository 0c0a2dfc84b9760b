"""How far a long run is, as an artifact that fills up on its page in Prefect's UI."""

import time
from dataclasses import dataclass, field
from uuid import UUID

from prefect.artifacts import create_progress_artifact, update_progress_artifact

KEY = "newsfold-progress"
EVERY_SECONDS = 10.0  # a request to the API; a run that is over before the first one has no artifact


@dataclass(slots=True)
class ProgressArtifact:
    """One run's artifact, written now and then."""

    every_seconds: float = EVERY_SECONDS
    _written_at: float = field(default_factory=time.monotonic)
    _artifact_id: UUID | None = None

    def show(self, share: float, what: str) -> None:
        """Tell how much of a run is done, 0 to 1. The end of a run that has an artifact is always told."""
        now = time.monotonic()
        ended = share >= 1 and self._artifact_id is not None
        if now - self._written_at < self.every_seconds and not ended:
            return
        self._written_at = now
        percent = round(100 * share, 1)
        if self._artifact_id is None:
            self._artifact_id = create_progress_artifact(percent, key=KEY, description=what)  # type: ignore[assignment]
        else:
            update_progress_artifact(self._artifact_id, progress=percent, description=what)
