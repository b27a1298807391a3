"""Show on standard error how far the play has come; standard output belongs to the report."""

from __future__ import annotations

from django.core.management.base import OutputWrapper

WIDTH = 32
TENTH = 10


class Progress:
    """A bar on a terminal; a line at every tenth where the output is kept in a file."""

    def __init__(self, stream: OutputWrapper) -> None:
        self._stream = stream
        self._shown = -1

    def __call__(self, done: int, total: int, label: str) -> None:
        """Show that `done` of `total` acts have been played; `label` says where the play is."""
        percent = 100 if not total else done * 100 // total
        on_terminal = self._stream.isatty()
        step = percent if on_terminal else percent // TENTH
        if step == self._shown:
            return
        self._shown = step
        if on_terminal:
            filled = WIDTH * percent // 100
            bar = "█" * filled + "·" * (WIDTH - filled)
            end = "\n" if done >= total else ""
            self._stream.write(
                f"\r{bar} {percent:3d} %  {done}/{total}  {label:<32.32}", ending=end
            )
        else:
            self._stream.write(f"{percent:3d} %  {done}/{total}  {label}")
        self._stream.flush()
