"""The comparison as tables: every home ranked, a few side by side, and the houses left out with the reason."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from markupsafe import Markup

from geo.score.errands import WORK
from geo.tables import DIMENSIONS
from layers.escaping import html, joined, plain
from screens.case_manager import homes
from screens.case_manager.homes import Compared, Home
from screens.case_manager.house_facts import CONTACT, facts_texts, is_call_first, linked
from screens.shared.words import Say


def ranking(compared: Compared, chosen: str | None, say: Say) -> Markup:
    """Return every compared home, best first, with the numbers of the map."""
    rows = joined(_ranked(home, compared, home.asked.home_id == chosen, say) for home in compared.homes)
    asked = ("col_minutes",) if any(homes.minutes_texts(home, compared, say) for home in compared.homes) else ()
    columns = ("col_home", "col_total", "col_sure", *DIMENSIONS, "col_days", *asked, "col_rent", "col_lacks")
    heads = joined(html('<th scope="col">{text}</th>', text=say(key)) for key in columns)
    return html(
        '<div class="rr-table-box rr-scroll" tabindex="0" role="region" aria-label="{label}">'
        '<table class="rr-stack rr-homes"><caption data-news>{caption}</caption><thead><tr>{heads}</tr></thead>'
        "<tbody>{rows}</tbody></table></div>",
        label=say("homes_all"),
        caption=say("homes_found", count=len(compared.homes)),
        heads=heads,
        rows=rows,
    )


def _ranked(home: Home, compared: Compared, chosen: bool, say: Say) -> Markup:
    facts = homes.facts_texts(home, compared, say)
    cells = [
        (say("col_total"), _total(home, say)),
        (say("col_sure"), homes.sure_text(home, say)),
        *((say(name), _dimension(home, name, say)) for name in DIMENSIONS),
        (say("col_days"), homes.days_text(home, say)),
        *([(say("col_minutes"), minutes)] if (minutes := _minutes(home, compared, say)) else []),
        (say("col_rent"), facts["rent"]),
        (say("col_lacks"), _lines(homes.lacks(home, say))),
    ]
    details = ", ".join(part for part in (facts["curfew"], facts["level"]) if part)
    name = html(
        '<th scope="row"><span class="rr-name"><b class="rr-no">{number}</b><span>{name}{bed}'
        '<span class="rr-muted">{told}</span>{call}{flags}</span></span></th>',
        number=home.number,
        name=home.name,
        bed=bed(home, facts["beds"]),
        told=details,
        call=_call(home, facts, say),
        flags=_flags(homes.flags(home, compared, say)),
    )
    cell = '<td data-label="{label}"><div>{text}</div></td>'
    tds = joined(html(cell, label=label, text=text) for label, text in cells)
    return html("<tr{look}>{name}{tds}</tr>", look=Markup(' class="rr-looked"') if chosen else "", name=name, tds=tds)


def bed(home: Home, text: str) -> Markup:
    """Return what is said of free beds, marked where one must call first."""
    look = "rr-bed rr-old" if is_call_first(home.facts) else "rr-bed"
    return html('<span class="{look}">{text}</span>', look=look, text=text) if text else Markup("")


def _call(home: Home, facts: Mapping[str, str], say: Say) -> Markup:
    """Return the number to call and the address, on a line of its own."""
    if not home.facts:
        return Markup("")
    call = linked("phone", facts["phone"], home.facts, say)
    return html('<span class="rr-muted">{call} · {address}</span>', call=call, address=facts["address"])


def _total(home: Home, say: Say) -> Markup:
    if not home.score:
        return Markup("")
    if home.score["total"] is None:
        return html(
            '<span data-home-total="{number}">{text}</span>', number=home.number, text=homes.total_text(home, say)
        )
    return html(
        '<b class="rr-big" data-home-total="{number}">{total}</b> '
        '<span class="rr-line rr-muted rr-small">{band}</span>',
        number=home.number,
        total=homes.total_text(home, say),
        band=homes.band_text(home, say),
    )


def _dimension(home: Home, name: str, say: Say) -> Markup | str:
    if not home.score:
        return ""
    value = home.score["dimensions"][name]
    if value is None:
        return say("dimension_nodata")
    return html(
        '<span class="rr-mini"><b>{value}</b><i class="rr-{name}" style="--v:{value}"></i></span>',
        name=name,
        value=round(value),
    )


def _minutes(home: Home, compared: Compared, say: Say) -> Markup:
    if not home.score:
        return Markup("")
    return _lines(f"{to}: {text}" for to, text in homes.minutes_texts(home, compared, say))


def _lines(texts: Any) -> Markup:
    return joined(html('<span class="rr-line">{text}</span>', text=text) for text in texts)


def _flags(flags: Sequence[str]) -> Markup:
    return joined(html('<span class="rr-flag">{text}</span>', text=text) for text in flags)


def facts(home: Home, compared: Compared, say: Say) -> list[tuple[str, str | Markup]]:
    """Return everything that is compared of a home: what it is called, and its value, in the order of reading."""
    known = homes.facts_texts(home, compared, say)
    score = home.score
    rows: list[tuple[str, str | Markup]] = [(say("col_total"), _total(home, say))]
    rows.append((say("col_sure"), homes.sure_text(home, say)))
    rows += [(say(name), _dimension(home, name, say)) for name in DIMENSIONS]
    rows.append((say("col_days"), homes.days_text(home, say)))
    rows += [(f"{say('col_minutes')} {to}", text) for to, text in homes.minutes_texts(home, compared, say) if score]
    rows += listed(home, known, say)
    rows.append((say("col_lacks"), _lines(homes.lacks(home, say) or [say("val_nothing")]) if score else ""))
    rows.append((say("col_flags"), _flags(homes.flags(home, compared, say))))
    return rows


def listed(home: Home, texts: Mapping[str, str], say: Say) -> list[tuple[str, str | Markup]]:
    """Return what is listed of a home as one acts on it, with what each fact is called; nothing that is empty."""
    shown: dict[str, str | Markup] = {name: linked(name, text, home.facts, say) for name, text in texts.items()}
    shown["beds"] = bed(home, texts["beds"])
    return [(say(f"col_{name}"), text) for name, text in shown.items() if text]


def side_by_side(chosen: Sequence[Home], compared: Compared, say: Say) -> Markup:
    """Return a few homes as columns, a row a fact; on a phone one fact below another, each with its homes."""
    columns = [facts(home, compared, say) for home in chosen]
    labels = list(dict.fromkeys(label for column in columns for label, _ in column))
    values = [dict(column) for column in columns]
    heads = joined(
        html(
            '<th scope="col"><span class="rr-name"><b class="rr-no">{number}</b>{name}</span></th>',
            number=home.number,
            name=home.name,
        )
        for home in chosen
    )
    rows = joined(
        html(
            '<tr><th scope="row">{label}</th>{cells}</tr>',
            label=label,
            cells=joined(
                html('<td data-label="{at}"><div>{value}</div></td>', at=home.number, value=column.get(label, ""))
                for home, column in zip(chosen, values, strict=True)
            ),
        )
        for label in labels
        if any(column.get(label) for column in values)
    )
    return html(
        '<div class="rr-table-box rr-scroll-x" tabindex="0" role="region" aria-label="{label}">'
        '<table class="rr-sides"><thead><tr><th scope="col">{home}</th>{heads}</tr></thead><tbody>{rows}</tbody>'
        "</table></div>",
        label=say("homes_shortlist"),
        home=say("col_home"),
        heads=heads,
        rows=rows,
    )


def left_out(compared: Compared, say: Say) -> Markup:
    """Return the houses that don't fit, each with why; nothing is lost silently."""
    if compared.apart.empty:
        return Markup("")
    rows = joined(
        html(
            '<tr><th scope="row">{name}<span class="rr-muted rr-small"> {address} {phone}</span></th>'
            "<td>{why}</td></tr>",
            name=plain(row["name"]),
            address=plain(row["address"]),
            phone=linked("phone", plain(row["phone"]), row, say),
            why=_lines(homes.misfits(row, compared.today, say)),
        )
        for row in compared.apart.to_dict("records")
    )
    return html(
        '<details class="rr-card rr-apart"><summary>{title}</summary><div class="rr-scroll" tabindex="0" role="region" '
        'aria-label="{why}"><table class="rr-stack"><thead><tr><th scope="col">{home}</th><th scope="col">{why}</th>'
        "</tr></thead><tbody>{rows}</tbody></table></div></details>",
        title=say("homes_apart", count=len(compared.apart)),
        home=say("col_home"),
        why=say("homes_apart_why"),
        rows=rows,
    )


def as_table(compared: Compared, say: Say) -> pd.DataFrame:
    """Return the comparison as a table to keep: compared homes first, then those left out with the reason."""
    rows = [_row(home, compared, say) for home in compared.homes]
    rows += [_apart_row(row, compared, say) for row in compared.apart.to_dict("records")]
    return pd.DataFrame(rows).convert_dtypes()


def _apart_row(row: Mapping[str, Any], compared: Compared, say: Say) -> dict[str, object]:
    told = facts_texts(row, plain(row["curfew"]), compared.today, say)
    return {
        say("col_home"): plain(row["name"]),
        **{say(f"col_{name}"): told[name] for name in ("beds", *CONTACT)},
        say("col_verified"): plain(row["verified_on"]),
        say("homes_apart_why"): " ".join(homes.misfits(row, compared.today, say)),
    }


def _row(home: Home, compared: Compared, say: Say) -> dict[str, object]:
    score = home.score
    row: dict[str, object] = {say("col_number"): home.number, say("col_home"): home.name}
    row |= {say("col_lat"): round(home.asked.lat, 6), say("col_lon"): round(home.asked.lon, 6)}
    if score:
        row[say("col_total")] = _rounded(score["total"])
        row |= {say(name): _rounded(score["dimensions"][name]) for name in DIMENSIONS}
        row[say("col_band")] = homes.band_text(home, say)
        row[say("col_sure")] = round(100 * score["confidence"]["value"])
        row[say("col_days")] = homes.days_text(home, say)
        for to, text in homes.minutes_texts(home, compared, say):
            row[f"{say('col_minutes')} {to}"] = text
    row |= {say(f"col_{name}"): text for name, text in homes.facts_texts(home, compared, say).items()}
    if home.facts:
        row[say("col_verified")] = plain(home.facts["verified_on"])
        row[say("col_bed_days")] = home.facts["bed_age_days"]
        row[say("col_bed_chance")] = round(100 * home.asked.bed_chance)
    row[say("col_lacks")] = "; ".join(homes.lacks(home, say))
    row[say("col_flags")] = " ".join(homes.flags(home, compared, say))
    return row


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


def marks(compared: Compared, chosen: str | None, say: Say) -> pd.DataFrame:
    """Return the homes as `layers.home_marks.home_layers` draws them."""
    rows = [
        {
            "lon": home.asked.lon,
            "lat": home.asked.lat,
            "name": f"{home.number}. {home.name}",
            "kind": _kind(home, say),
            "reach": "; ".join(f"{to}: {text}" for to, text in homes.minutes_texts(home, compared, say)),
            "address": plain(home.facts.get("address", "")),
            "number": home.number,
            "chosen": home.asked.home_id == chosen,
        }
        for home in compared.homes
    ]
    columns = ["lon", "lat", "name", "kind", "reach", "address", "number", "chosen"]
    return pd.DataFrame(rows, columns=columns)


def _kind(home: Home, say: Say) -> str:
    if not home.score or home.score["total"] is None:
        return homes.total_text(home, say)
    return f"{say('col_total')}: {homes.total_text(home, say)} {say('of_100')}"


def errand_names(compared: Compared, say: Say) -> list[str]:
    """Return the errands of a comparison in words."""
    return [say("to_work") if one.kind == WORK else plain(one.place.name) for one in compared.errands]
