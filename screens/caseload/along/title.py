"""What stands above each paper on the page."""

from layers.escaping import html
from screens.shared import frame
from screens.shared.words import Say


def title(name: str, say: Say) -> None:
    """Show what a paper is called, and what it is for."""
    frame.show(
        html(
            '<h3>{title}</h3><p class="rr-muted rr-small">{why}</p>',
            title=say(f"along_{name}"),
            why=say(f"along_{name}_why"),
        ),
        say,
    )
