"""Waiting for a reading that runs in a worker of its own."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from textual.worker import Worker, WorkerCancelled


async def settled(worker: Worker[Any]) -> None:
    """Wait until a worker has ended; one that a newer one has replaced counts as ended.

    Raises:
        WorkerFailed: it ended with an error.
    """
    with suppress(WorkerCancelled):
        await worker.wait()
