"""Pieces of the data-health page: verdict, timetable, what lacks, each file with its losses; nothing is computed."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd
from markupsafe import Markup

from geo.tables import CATEGORIES
from layers.escaping import html, joined, link
from layers.legend import sign
from screens.shared.components import sentences
from screens.shared.credits import credits_of, named
from screens.shared.words import Say
from sources.region.health import RegionHealth, Timetable
from sources.region.model import RegionFacts
from sources.region.verdict import Check, Verdict

OUTCOMES = ("set_aside", "repaired", "notice")


def verdict_card(
    outcome: Verdict, health: RegionHealth, rebuilt: Sequence[str], spoiled: Sequence[str], say: Say
) -> Markup:
    """Return the plain sentence that comes first: what the data is good enough for, and what to check.

    `rebuilt`, `spoiled`: as of `sources.region.model.Region`.
    """
    good = [say(f"health_good_{name}") for name in outcome.good]
    lead = say("health_good", what=say.habits.listed(good)) if good else say("health_good_nothing")
    checks = [("low" if grave(check) else "nodata", check_sentence(check, say)) for check in outcome.check]
    if rebuilt:
        checks.append(("ok", say("health_rebuilt", parts=", ".join(rebuilt))))
    if spoiled:
        checks.append(("low", say("health_spoiled", files=", ".join(spoiled))))
    return html(
        '<section class="rr-card" aria-labelledby="rr-verdict"><h2 id="rr-verdict">{title}</h2>'
        '<p class="rr-lead" data-health="verdict"><strong>{lead}</strong></p><h3>{check}</h3>{checks}'
        '<p class="rr-muted rr-small">{built}</p></section>',
        title=say("health_title"),
        lead=lead,
        check=say("health_check"),
        checks=sentences(checks or [("ok", say("health_check_nothing"))]),
        built=say("health_built", built=say.day(health.built_date), today=health.today),
    )


def grave(check: Check) -> bool:
    """Return whether something makes answers wrong or missing, not only less sure."""
    return check.code in {"no_timetable", "ended", "not_yet", "no_dimension", "no_meetings", "no_people"}


def check_sentence(check: Check, say: Say) -> str:
    """Return what to check, as a sentence."""
    details: dict[str, Any] = dict(check.details)
    if check.code == "no_dimension":
        details["name"] = say(details["name"])
    elif check.code == "no_category":
        details["names"] = say.habits.listed([say(name) for name in details["names"]])
    elif "names" in details:
        details["names"] = ", ".join(details["names"])
    details |= {name: say.day(details[name]) for name in ("start", "end") if name in details}
    return say(f"health_check_{check.code}", **details)


def timetable_card(timetable: Timetable, today: datetime.date, say: Say) -> Markup:
    """Return for which dates the timetable speaks, with today on the line between them."""
    if timetable.first is None or timetable.last is None:
        body = sentences([("nodata", say("timetable_none"))])
    else:
        whole = max((timetable.last - timetable.first).days, 1)
        at = min(max((today - timetable.first).days / whole, 0.0), 1.0)
        kind = "ok" if timetable.state == "valid" else "low"
        text = say(
            f"health_timetable_{timetable.state}",
            start=timetable.first,
            end=timetable.last,
            days=abs(timetable.days_left or 0),
        )
        body = html(
            '<div class="rr-span rr-{kind}" style="--v:{at}" aria-hidden="true"><i></i></div>'
            '<p class="rr-ends" aria-hidden="true"><span>{start}</span><span>{end}</span></p>{words}',
            kind=kind,
            at=round(100 * at, 1),
            start=say.day(timetable.first),
            end=say.day(timetable.last),
            words=sentences([(kind, text)]),
        )
    return html(
        '<section class="rr-card" aria-labelledby="rr-timetable"><h2 id="rr-timetable">{title}</h2>{body}</section>',
        title=say("health_timetable"),
        body=body,
    )


def lacks_card(health: RegionHealth, say: Say) -> Markup:
    """Return what the region has no data on."""
    rows = [("nodata", _lack(code, what, say)) for code, what in _lacks(health) if code not in {"source", "category"}]
    categories = [say(what) for code, what in _lacks(health) if code == "category"]
    if categories:
        rows.insert(0, ("nodata", say("no_data_on", what="; ".join(categories))))
    unused = [sentence for code, _, sentence in health.lacks.itertuples(index=False) if code == "source"]
    more = (
        html(
            '<details class="rr-all rr-small"><summary>{title}</summary><ul class="rr-plain" lang="en">{rows}</ul>'
            "</details>",
            title=say("health_unused", count=len(unused)),
            rows=joined(html("<li>{text}</li>", text=text) for text in unused),
        )
        if unused
        else Markup("")
    )
    return html(
        '<section class="rr-card" aria-labelledby="rr-lacks"><h2 id="rr-lacks">{title}</h2>{words}{more}</section>',
        title=say("health_lacks"),
        words=sentences(rows or [("ok", say("health_lacks_nothing"))]),
        more=more,
    )


def _lacks(health: RegionHealth) -> Iterable[tuple[str, str]]:
    return zip(health.lacks["code"], health.lacks["what"], strict=True)


def _lack(code: str, what: str, say: Say) -> str:
    if code == "measure":
        return say.or_else(f"health_lack_{what}", what)
    return say("timetable_none") if code == "timetable" else say("health_lack_outlines")


def sources_section(health: RegionHealth, say: Say) -> Markup:
    """Return every file of the region: how fresh it is, and what became of its rows."""
    rows = joined(_source(row, health.reasons, say) for row in _records(health.sources))
    heads = ("health_file", "health_age", "health_rows", "health_lost")
    return html(
        '<h2>{title}</h2><p class="rr-lead">{lead}</p><div class="rr-table-box" role="region" aria-label="{title}">'
        '<table class="rr-stack" data-health="sources"><caption>{caption}</caption><thead><tr>{heads}</tr></thead>'
        "<tbody>{rows}</tbody></table></div>",
        title=say("health_sources"),
        lead=say("health_sources_lead"),
        caption=say("health_sources_caption", merged=health.merged, online=health.online),
        heads=joined(html('<th scope="col">{text}</th>', text=say(head)) for head in heads),
        rows=rows,
    )


def _source(row: Mapping[str, Any], reasons: pd.DataFrame, say: Say) -> Markup:
    return html(
        '<tr><th scope="row"><span class="rr-name"><span>{title}<span class="rr-muted">{file}</span></span></span></th>'
        "<td>{age}</td><td>{rows}</td><td>{lost}</td></tr>",
        title=named(row["title"] or row["label"], say),
        file=say("health_file_of", file=row["file"], publisher=named(row["publisher"] or "–", say)),
        age=_age(row, say),
        rows=_rows(row, say),
        lost=_reasons(reasons[reasons["label"] == row["label"]], say),
    )


def _age(row: Mapping[str, Any], say: Say) -> Markup:
    if row["retrieved_on"] is None:
        text, tag = say("health_age_unknown"), ("rr-nodata", say("health_tag_unknown"))
    else:
        text = say("health_age_days", date=say.day(row["retrieved_on"]), days=row["age_days"])
        fresh = not row["is_old"]
        tag = ("rr-fresh", say("health_tag_fresh")) if fresh else ("rr-old", say("health_tag_old"))
    stale = html('<p class="rr-small"><strong>{text}</strong></p>', text=say("health_stale", why=row["stale"]))
    verified = ""
    if row["verified_to"]:
        verified = say("health_verified", start=say.day(row["verified_from"]), end=say.day(row["verified_to"]))
    return html(
        '<span class="rr-tag {kind}">{tag}</span> {words}{stale}<p class="rr-muted rr-small">{verified}</p>',
        kind=tag[0],
        tag=tag[1],
        words=text,
        stale=stale if row["stale"] else Markup(""),
        verified=verified,
    )


def _rows(row: Mapping[str, Any], say: Say) -> Markup:
    if row["rows_in"] is None:
        return html("{text}", text=say("health_rows_none"))
    whole = max(row["rows_in"], 1)
    parts = {name: row[name] for name in ("kept", "repaired", "set_aside")}
    bar = joined(
        html('<i class="rr-{kind}" style="--v:{share}"></i>', kind=name, share=round(100 * number / whole, 2))
        for name, number in parts.items()
    )
    return html(
        '<div class="rr-rows" aria-hidden="true">{bar}</div><span class="rr-number">{words}</span>',
        bar=bar,
        words=say("health_rows_told", rows=row["rows_in"], **parts),
    )


def _reasons(reasons: pd.DataFrame, say: Say) -> Markup:
    """Return why rows were set aside, repaired or remarked upon, folded away, with an example of each."""
    if reasons.empty:
        return html('<span class="rr-muted">{text}</span>', text=say("health_no_reasons"))
    rows = joined(
        html(
            '<li><strong>{count} {outcome}</strong>: {code}. <span class="rr-muted">{one_of_them}'
            '<span lang="en">{example}</span></span></li>',
            count=say.habits.number(row["count"]),
            outcome=say(f"health_outcome_{row['outcome']}"),
            code=say.or_else(f"health_code_{row['code']}", str(row["code"]).replace("_", " ")),
            one_of_them=f"{say('health_example')} " if row["count"] > 1 else "",
            example=row["example"],
        )
        for outcome in OUTCOMES
        for row in _records(reasons[reasons["outcome"] == outcome])
    )
    return html(
        '<details><summary>{title}</summary><ul class="rr-plain">{rows}</ul></details>',
        title=say("health_reasons", count=len(reasons)),
        rows=rows,
    )


def imprecise_table(rough: pd.DataFrame, whole: int, titles: Mapping[str, str], say: Say) -> Markup:
    """Return the places whose position is only roughly known; `titles` says what each source is called."""
    rows = joined(
        html(
            '<tr><th scope="row"><span class="rr-name">{sign}<span>{name}<span class="rr-muted">{kind}</span></span>'
            "</span></th><td>{source}</td></tr>",
            sign=sign(CATEGORIES[row.category], row.category),
            name=row.name,
            kind=say(row.category),
            source=titles.get(row.source, row.source),
        )
        for row in rough.itertuples(index=False)
    )
    return html(
        '<div class="rr-table-box rr-scroll" tabindex="0" role="region" aria-label="{label}"><table class="rr-stack">'
        '<caption>{caption}</caption><thead><tr><th scope="col">{place}</th><th scope="col">{source}</th></tr></thead>'
        "<tbody>{rows}</tbody></table></div>",
        label=say("health_imprecise"),
        caption=say("health_imprecise_caption", count=len(rough), all=whole),
        place=say("place"),
        source=say("health_listed_by"),
        rows=rows,
    )


def licenses_section(health: RegionHealth, say: Say) -> Markup:
    """Return whose the data is and under which license, each once; links that lead out are marked."""
    seen = health.sources.drop_duplicates(["title", "publisher", "license", "attribution", "url"])
    rows = joined(
        html(
            "<li><strong>{title}</strong>: {publisher}. {license}. {attribution} {link}</li>",
            title=named(row["title"] or row["label"], say),
            publisher=row["publisher"] or "–",
            license=named(row["license"] or "–", say),
            attribution=row["attribution"] or "",
            link=_outward(row["url"], say),
        )
        for row in _records(seen)
    )
    return html(
        '<details class="rr-all"><summary>{title}</summary><p class="rr-muted rr-small">{hint}</p>'
        '<ul class="rr-plain">{rows}</ul></details>',
        title=say("health_licenses"),
        hint=say("health_outward"),
        rows=rows,
    )


def _outward(url: object, say: Say) -> Markup:
    address = link(url)
    if address is None:
        return Markup("")
    return html(
        '<a href="{address}" rel="noopener noreferrer nofollow" target="_blank">{text} '
        '<span aria-hidden="true">↗</span><span class="rr-hidden">{outward}</span></a>',
        address=address,
        text=say("website"),
        outward=say("health_leads_out"),
    )


def account(facts: RegionFacts, health: RegionHealth, say: Say) -> list[tuple[str, str]]:
    """Return what the tables are about, for the file that they are packed with."""
    return [
        (say("region"), facts.title),
        *([(say("region"), say("fictional"))] if facts.fictional else []),
        (say("health_file_day"), str(health.today)),
        (say("health_file_built"), health.built_on),
        (say("health_file_hash"), facts.region_hash),
        *((say("health_file_source"), source) for source in credits_of(facts.sources, say)),
    ]


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = table.astype(object).where(table.notna(), None).to_dict("records")
    return rows
