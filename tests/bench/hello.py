"""The peer: the smallest useful Textual app, one line that counts keys."""

from textual.app import App, ComposeResult
from textual.widgets import Static


class Hello(App[None]):
    """Show a greeting, then how many keys were pressed."""

    count = 0

    def compose(self) -> ComposeResult:
        """Show the greeting."""
        yield Static("Hello world")

    def on_key(self) -> None:
        """Count."""
        self.count += 1
        self.query_one(Static).update(f"Pressed {self.count}")


Hello().run()
