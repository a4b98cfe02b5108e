"""A table of the caseload's pages: on a phone, its rows stand as cards with each cell's title before it."""

from collections.abc import Iterable, Sequence

from markupsafe import Markup

from layers.escaping import html, joined


def table(label: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Markup:
    """Return rows under their titles; the first cell of each names it. `label`: what the table is, also read out."""
    head = joined(html('<th scope="col">{text}</th>', text=text) for text in heads)
    body = joined(
        html(
            '<tr><th scope="row">{first}</th>{rest}</tr>',
            first=row[0],
            rest=joined(
                html('<td data-label="{head}">{text}</td>', head=name, text=text)
                for name, text in zip(heads[1:], row[1:], strict=True)
            ),
        )
        for row in rows
    )
    return html(
        '<div class="rr-table-box rr-scroll" tabindex="0" role="region" aria-label="{label}"><table class="rr-stack">'
        "<caption>{label}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>",
        label=label,
        head=head,
        body=body,
    )
