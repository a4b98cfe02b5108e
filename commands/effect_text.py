"""What an effect says (`geo.scenarios.effects`): as plain values, and as lines on people, areas, classes and groups."""

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from geo.scenarios.effects import Effect

_MOST_ROWS = 10


def effect_document(effect: "Effect") -> dict[str, Any]:
    """Return an effect as plain values for JSON; its cells are left to files."""
    from geo.scenarios.effects import known_measures
    from layers.scenario_files import SUMMARIES

    return {
        "people": plain_numbers(effect.people),
        "known_measures": known_measures(effect),
        "reach": None if effect.reach is None else plain_numbers(effect.reach),
        **{name: [plain_numbers(row) for row in getattr(effect, name).to_dict("records")] for name in SUMMARIES},
    }


def plain_numbers(row: dict[Any, Any]) -> dict[str, Any]:
    """Return values for JSON: no number where there is none."""
    return {str(name): None if isinstance(value, float) and math.isnan(value) else value for name, value in row.items()}


def people_lines(document: dict[str, Any], measure: str) -> list[str]:
    """Return lines on how many people gain and lose; `document` is of `effect_document`."""
    from geo.equity.gaps import LEAST

    lines, people = [], document["people"]
    if people["people"]:
        lines.append(
            f"{people['people']:,.0f} residents counted, of areas with at least {LEAST}, each as if they lived by "
            f"these needs; mean of {measure}: {people['mean_before']:.2f} before, {people['mean_after']:.2f} after"
        )
        lines.append(
            f"{people['gaining']:,.0f} residents gain a point or more, {people['losing']:,.0f} lose one or more"
        )
    else:
        lines.append(
            f"nobody has a number of {measure} before and after, so who gains or loses by it isn't known; ask about "
            f"another with --measure{_one_of(document['known_measures'])}"
        )
    if people["unscored"]:
        lines.append(f"{people['unscored']:,.0f} residents more have no number before or after, and are not counted")
    return lines


def _one_of(names: list[str]) -> str:
    return f": {', '.join(names)}" if names else ""


def reach_line(reach: dict[str, Any], class_name: str, minutes: float) -> str:
    """Return a line on who has a place of a class in reach."""
    return (
        f"{class_name} within {minutes:g} minutes: {reach['before']:,.0f} residents before, {reach['after']:,.0f} "
        f"after ({reach['newly']:,.0f} newly, {reach['no_more']:,.0f} no more)"
    )


def where_lines(document: dict[str, Any]) -> list[str]:
    """Return lines on the areas, classes and groups that gain or lose; `document` is of `effect_document`."""
    lines = _most("By area", document["areas"], "area_id")
    lines += _most("By class", document["classes"], "class_name")
    return lines + _group_lines(document["groups"], document["people"])


def _group_lines(groups: list[dict[str, Any]], people: dict[str, Any]) -> list[str]:
    """Return lines on the groups that gain or lose, and on how many are too small to be told of."""
    from geo.scenarios.effects import STEP

    lines, hidden = [], 0
    for row in groups:
        gaining, losing = (row[f"percent_{name}"] for name in ("gaining", "losing"))
        hidden += gaining is None or losing is None
        if gaining or losing:
            parts = [
                f"{f'{part:.0f}% or more' if part else f'under {STEP}%'} {verb}"
                for name, part, verb in (("gaining", gaining, "gain"), ("losing", losing, "lose"))
                if part is not None and people[name]
            ]
            lines.append(f"  {row['kind']}, {row['group']}: {', '.join(parts)}")
    lines = [f"By group, in steps of {STEP}%:"] * bool(lines) + lines
    if hidden:
        lines.append(
            f"{hidden} of {len(groups)} groups have no percents: they, or the areas where anyone gains or loses, are "
            "too small."
        )
    return lines


def _most(title: str, rows: list[dict[str, Any]], name: str) -> list[str]:
    """Return lines on the rows in which anyone gains or loses, `_MOST_ROWS` at most, and on how many more there are."""
    changed = [row for row in rows if row["gaining"] or row["losing"]]
    more = len(changed) - _MOST_ROWS
    lines = [
        f"  {row[name]}: {row['gaining']:,.0f} gain, {row['losing']:,.0f} lose "
        f"(mean {row['mean_before']:.2f} → {row['mean_after']:.2f})"
        for row in changed[:_MOST_ROWS]
    ]
    lines += [f"  … {more} more; --out FOLDER writes all."] if more > 0 else []
    return [f"{title}:", *lines] if lines else []
