"""Words of a person's progress: the picture over time, what is asked, what lacks and what of it is in reach."""

from geo.plurals import Plural

WORDS: dict[str, str | Plural] = {
    # the picture
    "progress_title": "How it went",
    "progress_empty": (
        "Nothing was asked yet. Open “Recovery capital” or “The last 30 days” below and enter what the person says. "
        "Each time becomes a mark in a picture here."
    ),
    "progress_table": "The same as tables",
    "progress_measure": "What",
    "progress_capital": "Recovery capital (BARC-10)",
    "progress_engaged": "The last 30 days",
    "progress_homes": "Score of the home",
    "progress_moves": "Moved in",
    "progress_total": "Total, 10 to 60",
    "progress_sum": "Total",
    "progress_score": "Total, 0 to 100",
    "progress_key_cutoff": "{cutoff}: the published cut-off",
    "progress_key_low": "{most} or less of 6: low",
    "progress_key_low_home": "under {least} of 100: low",
    "progress_key_move": "{house}, since {day}",
    "progress_capital_once": "Recovery capital on {day}: {value} of 60. The published cut-off is {cutoff}.",
    "progress_capital_span": (
        "Recovery capital, asked {count} times: {before} of 60 on {first}, {value} on {last}. The published cut-off is "
        "{cutoff}."
    ),
    "progress_home_once": "The home scored {value} of 100 on {day}.",
    "progress_home_span": "The home, scored {count} times: {before} of 100 on {first}, {value} on {last}.",
    "progress_engagement": "The 30 days before {day}: {what}.",
    "progress_nothing_said": "nothing was said",
    "progress_meetings_attended_said": Plural("1 meeting", "{count} meetings"),
    "progress_groups_said": Plural("belongs to 1 group", "belongs to {count} groups"),
    "progress_role_models_said": Plural("could name 1 role model", "could name {count} role models"),
    "progress_service_given_said": Plural("gave service once", "gave service {count} times"),
    "progress_sponsor_yes": "has a sponsor or mentor",
    "progress_sponsor_no": "has no sponsor or mentor",
    "progress_no_trend": (
        "Each mark is what was said or worked out on its day. A few points up or down may be chance, so no trend is "
        "read from them."
    ),
    "progress_yes": "yes",
    "progress_no": "no",
    # the ten domains: their names only
    "domain_substance_use_sobriety": "Substance use and sobriety",
    "domain_global_psychological_health": "Mental health",
    "domain_global_physical_health": "Physical health",
    "domain_citizenship_community_involvement": "Community involvement",
    "domain_social_support": "Social support",
    "domain_meaningful_activities": "Meaningful activities",
    "domain_housing_safety": "Housing and safety",
    "domain_risk_taking": "Risk taking",
    "domain_coping_life_functioning": "Coping and daily life",
    "domain_recovery_experience": "Recovery experience",
    # what is asked
    "progress_ask_barc10": "Recovery capital: enter a BARC-10",
    "progress_barc10_how": (
        "Ask the ten questions from your agency's own copy of the BARC-10; we don't ship their wording. Enter each "
        "answer under its domain: 1 is “strongly disagree”, 6 is “strongly agree”. All ten are needed. A missing one "
        "is never guessed."
    ),
    "progress_ask_engagement": "The last 30 days: enter how they took part",
    "progress_engagement_how": "Leave empty what was not asked. Names of sponsors and role models are not kept.",
    "progress_asked_on": "Asked on",
    "progress_asked_by": "Asked by",
    "progress_meetings_attended": "Meetings attended",
    "progress_groups": "Groups they belong to",
    "progress_role_models": "Role models they could name",
    "progress_service_given": "Times they gave service",
    "progress_sponsor": "Sponsor or mentor",
    "progress_save_change": "Save the change",
    "progress_leave": "Leave it as it was",
    "progress_kept": Plural("What was kept: 1 entry", "What was kept: {count} entries"),
    "progress_kept_barc10": "Recovery capital: {total} of 60",
    "progress_kept_engagement": "The last 30 days",
    "progress_kept_score": "Score of the home: {total} of 100",
    "progress_kept_no_total": "Score of the home, without a total",
    "progress_by": "{day}, asked by {who}",
    "progress_change": "Change",
    # where they live
    "progress_home": "Where they live: the score then and now",
    "progress_no_home": (
        "Where this person lives is not known yet. Set a house to “moved in” on “Short list and calls”. Then its score "
        "is worked out here, with what is in reach of it."
    ),
    "progress_home_elsewhere": (
        "{house} has no public place in the data of {region}, so its score can't be worked out here. Choose the region "
        "it is in."
    ),
    "progress_lives_since": "{house}, since {day}",
    "progress_then": "As kept on {day}",
    "progress_now": "Now",
    "progress_never_kept": "It was not kept yet. Keep it now, and it becomes a mark in the picture.",
    "progress_moved": "They moved since. Keep the score of this home too, and the picture shows both.",
    "progress_new_data": "The region's data is newer since. Keep the new score, and the picture shows both.",
    "progress_new_data_same": "The region's data is newer since; the score is the same.",
    "progress_new_needs": "What they need has changed since. Keep the new score, and the picture shows both.",
    "progress_same": "Nothing has changed since.",
    "progress_keep": "Keep the score of today",
    # what lacks, and what is in reach
    "reach_title": "What lacks, and what is in reach of it",
    "reach_domain": "{domain}: {answer} of 6",
    "reach_dimension": "{dimension} around the home: {value} of 100",
    "reach_none": "No domain and no dimension of the home is low.",
    "reach_nothing": "Nothing that this region lists serves it.",
    "reach_place": "{name}, {how}",
    "reach_far": "none in reach in the time that counts",
    "reach_no_data": "no data for this region",
    "reach_meetings": Plural(
        "1 meeting a week they can get to and home from", "{count} meetings a week they can get to and home from"
    ),
    "reach_jobs": "{percent} of 100, for the jobs they can get to, set against the workers who can get to them too",
    "reach_named": "{name}, {text}",
    "reach_format": "Meetings: {format}",
    "reach_learn": "People to be near",
    "reach_groups": "Groups that match who they want to be near",
    "reach_mentors": "Where mentors are",
    "reach_no_mentor": "No sponsor or mentor when last asked: ask here, and at the groups.",
    "reach_say_who": (
        "Say whom they want to be near on “Needs and places”, under “Meetings”: fellowship, language, women, young "
        "people, LGBTQ+, secular and more."
    ),
    "reach_no_group": "No group that matches is in reach in the time that counts.",
    "reach_group": "{how}. {when}",
    "reach_more_times": Plural("1 more time a week", "{count} more times a week"),
}
