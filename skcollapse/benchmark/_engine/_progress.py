"""Progress on stderr: a bar on a terminal with rich, plain lines otherwise."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Any

__all__ = ["Progress"]


class Progress:
    """Count finished cells.

    Parameters
    ----------
    total : int
        Cells to run.
    enabled : bool
        False shows nothing.
    """

    def __init__(self, total: int, enabled: bool) -> None:
        self.total = total
        self.enabled = enabled
        self.done = 0
        self._bar = None

    def __enter__(self) -> Progress:
        self._bar = _rich_bar() if self.enabled and self.total else None
        if self._bar is not None:
            self._bar.start()
            self._task = self._bar.add_task("starting", total=self.total)
        return self

    def advance(self, label: str, error: str = "") -> None:
        """Count one cell as finished and show its label."""
        self.done += 1
        if self._bar is not None:
            self._bar.update(self._task, advance=1, description=label)
            if error:
                self._bar.console.print(f"{label}: {error}", markup=False, style="red")
        elif self.enabled:
            print(f"[{self.done}/{self.total}] {label} {error}".rstrip(), file=sys.stderr)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.stop()


def _rich_bar() -> Any:
    try:
        from rich import progress
        from rich.console import Console
    except ImportError:
        return None
    console = Console(stderr=True)
    if not console.is_terminal:
        return None
    return progress.Progress(
        progress.TextColumn("{task.description}"),
        progress.BarColumn(),
        progress.MofNCompleteColumn(),
        progress.TimeElapsedColumn(),
        progress.TimeRemainingColumn(),
        console=console,
    )
