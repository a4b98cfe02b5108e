"""Words of the funder's screen."""

from geo.plurals import Plural

WORDS: dict[str, str | Plural] = {
    "gap_title": "Where support is missing",
    "gap_lead": (
        "Each small area where people live has a score from 1 to 100: how much support for recovery a person can "
        "reach from there, and be home again. Here you see who lives where little is in reach, and what is missing."
    ),
    # what is asked
    "gap_by": "How do they get around?",
    "gap_by_no-car": "Without a car",
    "gap_by_bicycle": "By bicycle",
    "gap_by_car": "By car",
    "gap_by_wheelchair": "By wheelchair",
    "gap_medication": "Which medication do they take?",
    "gap_medication_none": "None",
    "gap_medication_methadone": "Methadone",
    "gap_medication_buprenorphine": "Buprenorphine or naltrexone",
    "gap_measure": "What do you look at?",
    "gap_total": "The whole score",
    "gap_measure_dimension": "{name} (dimension)",
    "gap_date": "On which day?",
    "gap_below": "Count people below",
    "gap_below_help": "A choice of yours, not a line that nature draws: move it and see whether your conclusion holds.",
    # not there yet
    "gap_not_yet": "This surface has not been worked out yet",
    "gap_not_yet_why": Plural(
        "{count} small area is scored, for a whole week. That takes from half a minute to some minutes; then it is "
        "kept with the region, and opens at once. Leave this page open meanwhile.",
        "{count} small areas are scored one by one, each for a whole week. That takes from half a minute to some "
        "minutes; then it is kept with the region, and opens at once. Leave this page open meanwhile.",
    ),
    "gap_not_yet_before": "To have all four ways of getting around ready beforehand, run this in a terminal:",
    "gap_not_yet_needs": "The file needs.toml holds the line:",
    "gap_work_out": "Work it out now",
    "gap_work_out_all": "All four ways of getting around",
    "gap_working": Plural("Scoring 1 small area …", "Scoring {count} small areas …"),
    "gap_no_zones": "We have no data on where people live in this region, so nobody can be counted.",
    "gap_no_zones_hint": "Build the region again with a list of areas and their residents (--zones).",
    # the headline
    "gap_headline": Plural(
        "{percent} of 100 people lives where it is below {below}",
        "{percent} of 100 people live where it is below {below}",
    ),
    "gap_headline_nobody": "Nobody lives where it is below {below}",
    "gap_counts": "{below} of {people} people.",
    "gap_mean": "On average a person has {mean} of 100.",
    "gap_holds": "What holds most of them back: {dimension}, above all {name}.",
    "gap_holds_dimension": "What holds most of them back: {name}.",
    "gap_none": "{people} people can reach none at all in the time that counts, though the region has some.",
    "gap_unscored": "{people} people live too far from any mapped street for us to say.",
    "gap_small": (
        "Areas with fewer than 11 residents ({percent} of 100 people) are on the map but in no count, so that no "
        "table and no difference of tables points at a few people."
    ),
    "gap_under_one": "under 1",
    "gap_nodata": "{what}: we have no data on this for the region. That is not the same as none in reach.",
    "gap_no_total": "No total is given, for the region has data on too little of what counts. Missing: {what}.",
    "gap_headline_nodata": "Nothing can be said of where {people} people live",
    "gap_nodata_hint": "Look at data health for what is missing, or choose another measure.",
    "gap_spread": "How many people have how much",
    "gap_spread_step": "{low} to {high}: {people} people",
    # the map
    "gap_map_of": "{what}, {who}, {date}",
    "gap_map_hint": (
        "Click an area for its numbers. With the keyboard: move the map with the arrow keys, then press Enter."
    ),
    "gap_step": "{low} to {high}",
    "gap_step_none": "Data, but none in reach",
    "gap_step_nodata": "No data on this",
    "gap_step_far": "No street nearby: not scored",
    "gap_legend": "What the shades mean",
    "gap_cell": "The area you chose",
    "gap_cell_id": "Area {name}",
    "gap_cell_outside": "Nobody lives there, so it has no score.",
    "gap_cell_far": "It is too far from any mapped street to be scored.",
    "gap_cell_classes": "Each kind of support, weakest first",
    "gap_cell_none": "there are some, none in reach",
    "gap_cell_weeks": Plural(
        "{count} of 7 days has a meeting that one can get to and back from.",
        "{count} of 7 days have a meeting that one can get to and back from.",
    ),
    # by area
    "gap_areas": "Where most people are left out",
    "gap_level": "Areas",
    "gap_level_place": "Nearest town or neighborhood",
    "gap_level_tract": "Census tracts",
    "gap_level_block_group": "Block groups",
    "gap_level_county": "Counties",
    "gap_level_grid": "Squares of 2 km",
    "gap_level_zip": "ZIP code of the nearest address",
    "gap_zip": "ZIP code {code}",
    "gap_tract": "Tract {number}",
    "gap_block_group": "Block group {number} of tract {tract}",
    "gap_county": "County {number}",
    "gap_square": "Square {name}",
    "gap_near": "near {place}",
    "gap_area": "Area",
    "gap_left_out": "Left out",
    "gap_of_people": "of {people} people",
    "gap_share": "Share",
    "gap_average": "Average",
    "gap_mean_short": "{mean} of 100",
    "gap_holds_back": "What holds most of them back",
    "gap_areas_caption": (
        "Areas: {count}, most people below {below} first. The numbers, ten at most, are those on the map."
    ),
    "gap_areas_more": "The first {count} are listed; the download has all.",
    "gap_nobody": "nobody",
    "gap_not_scored": "not scored",
    # who
    "gap_who": "Who is left out",
    "gap_even": "How evenly it is shared out",
    "gap_gini": (
        "Two people picked at random differ by {apart} points on average (Gini index {gini}: 0 is alike, 1 is all "
        "with one person)."
    ),
    "gap_theil": (
        "{percent} of 100 parts of the unevenness lie between areas, the rest within them (Theil index {theil})."
    ),
    "gap_palma": (
        "The tenth of people in the best-off areas has {ratio} times as much as the four tenths in the worst-off "
        "(Palma ratio)."
    ),
    "gap_concentration_poor": "Support leans towards worse-off areas (concentration index {index}).",
    "gap_concentration_rich": "Support leans towards better-off areas (concentration index {index}).",
    "gap_concentration_even": (
        "Support leans neither towards better-off nor worse-off areas (concentration index {index})."
    ),
    "gap_ranked_income": "Areas are ranked by the median income of their households.",
    "gap_ranked_pay": (
        "Areas are ranked by the share of workers paid over $3,333 a month; this region publishes no incomes."
    ),
    "gap_ranked_none": (
        "This region publishes neither incomes nor pay by area, so we can't say whether support leans towards rich "
        "or poor."
    ),
    "gap_group": "Group",
    "gap_group_below": "Live below {below}",
    "gap_group_few": "too few to show",
    "gap_group_caption": (
        "Of 100 people of each group, how many live where it is below {below}; all people: {percent}. Groups may "
        "overlap. Whole percents only, and only of groups of at least 1,100."
    ),
    "gap_size_people": "about {size} people",
    "gap_size_workers": "about {size} workers",
    "gap_kind_pay": "Workers by pay",
    "gap_kind_race": "Race and ethnicity",
    "gap_kind_car": "Car at home",
    "gap_kind_poverty": "Poverty line",
    "gap_kind_insurance": "Health insurance",
    "gap_kind_age": "Age",
    "gap_kind_income": "Income of the area",
    "gap_kind_vulnerability": "Social vulnerability of the area",
    "gap_lacks": "This region publishes nothing by area on: {kinds}. We can't say whether these groups are left out.",
    "gap_lack_pay": "pay",
    "gap_lack_race": "race",
    "gap_lack_car": "households without a car",
    "gap_lack_poverty": "poverty",
    "gap_lack_insurance": "health insurance",
    "gap_lack_age": "age",
    "gap_lack_income": "income",
    "gap_lack_vulnerability": "social vulnerability",
    "gap_group_low_wage": "Up to $1,250 a month",
    "gap_group_mid_wage": "$1,251 to $3,333 a month",
    "gap_group_high_wage": "Over $3,333 a month",
    "gap_group_white": "White",
    "gap_group_black": "Black or African American",
    "gap_group_native": "American Indian or Alaska Native",
    "gap_group_asian": "Asian",
    "gap_group_pacific": "Native Hawaiian or Pacific Islander",
    "gap_group_other": "Another race",
    "gap_group_several": "Two or more races",
    "gap_group_hispanic": "Hispanic or Latino, of any race",
    "gap_group_no_car": "No car in the household",
    "gap_group_has_car": "A car in the household",
    "gap_group_below_poverty_line": "Below the poverty line",
    "gap_group_above_poverty_line": "Above the poverty line",
    "gap_group_uninsured": "Without health insurance",
    "gap_group_insured": "With health insurance",
    "gap_group_under_18": "Under 18 years",
    "gap_group_from_18_to_64": "18 to 64 years",
    "gap_group_over_64": "65 years or older",
    "gap_group_lowest": "Lowest fifth",
    "gap_group_second": "Second fifth",
    "gap_group_middle": "Middle fifth",
    "gap_group_fourth": "Fourth fifth",
    "gap_group_highest": "Highest fifth",
    # downloads
    "gap_downloads": "Take it along",
    "gap_downloads_lead": (
        "Each file says how it was made, from which sources, for which day, and with which checksums."
    ),
    "gap_get_slide": "Slide, 16:9 (PNG)",
    "gap_slide_told": "of people live where less than {below} of 100 is in reach: {people} people.",
    "gap_slide_legend": "Support in reach, of 100",
    "gap_slide_area": "{people} people left out, {percent}",
    "gap_slide_foot": (
        "Service day {date}; worked out {made}. Licenses and checksums are in the file's properties. Sources: {sources}"
    ),
    "gap_no_service": "No timetable holds on {date}.",
    "gap_no_service_hint": "It lies between two timetables. Choose a day up to {before}, or from {after} on.",
    "gap_get_csv": "Tables (CSV)",
    "gap_get_gpkg": "Map layers (GeoPackage)",
    "gap_get_parquet": "Map layer (GeoParquet)",
    "gap_get_png": "Picture of the map (PNG)",
    "gap_get_pdf": "Report (PDF)",
    "gap_method": "How these numbers are made",
    "gap_method_1": (
        "Every populated small area is scored as one home: what a person can reach from its middle, in "
        "time and back, through a whole week. The score and its weights are described in the documentation."
    ),
    "gap_method_2": (
        "People are the residents that the region's zones publish; nobody is looked up. A count below 11 is never "
        "shown, nor can one be found by subtracting tables."
    ),
    "gap_method_3": "It is a planning aid: it says nothing about how good a service is, or how any person is doing.",
    "gap_about_region": "Region",
    "gap_about_question": "What",
    "gap_about_below": "People counted below",
    "gap_about_date": "Service day",
    "gap_about_made": "Worked out on",
    "gap_about_region_hash": "Region (SHA-256)",
    "gap_about_parameters_hash": "Parameters (SHA-256)",
    "gap_about_surface_hash": "Surface (SHA-256)",
    "gap_about_method": "Method",
    "gap_about_source": "Source",
    "gap_get_areas": "Areas (GeoParquet)",
    "gap_get_html": "Web page (one file)",
    # the report
    "gap_lorenz": "Lorenz curve: people with least first",
    "gap_lorenz_people": "People, those with least in reach first (%)",
    "gap_lorenz_told": (
        "The half of people who have least in reach have {share} of 100 parts of all that is in reach. If all had "
        "the same, they would have 50 (Lorenz curve)."
    ),
    "gap_curve": "Concentration curve: worst-off areas first",
    "gap_curve_people_income": "People, areas with the lowest incomes first (%)",
    "gap_curve_people_pay": "People, areas with the lowest pay first (%)",
    "gap_curve_told": (
        "The half of people who live in the worst-off areas have {share} of 100 parts. Over 50 would mean that "
        "support leans towards worse-off areas (concentration curve)."
    ),
    "gap_curve_access": "Part of all that is in reach (%)",
    "gap_curve_diagonal": "all have the same",
    "gap_curves_caption": "The further a curve is from the dashed line, the less evenly support is shared out.",
    "gap_bands": "How each group is spread over the scale",
    "gap_bands_caption": (
        "Of 100 people of each group, how many live where the score is in each band of twenty points. Whole percents, "
        "and only of groups of at least 1,100; they may not add up to 100."
    ),
    "gap_bands_told": (
        "The largest difference between groups ({kind}): of 100 people, {high} live where it is below {below} "
        "(group: {most}), against {low} (group: {least})."
    ),
    "gap_bands_alike": "In each kind of group, equally many of 100 people live where it is below {below}.",
    "gap_sources": "Sources and their dates",
    "gap_source_title": "Source",
    "gap_source_publisher": "Publisher",
    "gap_source_license": "License",
    "gap_source_date": "Fetched on, or how often it is renewed",
    "gap_timetable_dates": "The timetables hold from {first} to {last}.",
    "gap_commands": "How to work out each figure again",
    "gap_commands_lead": (
        "Each command prints its figure from the region's own data, and gives the same result as long as region, "
        "parameters and surface have the checksums above."
    ),
    "gap_commands_own": "Type them in the folder that holds {file}.",
    "gap_command_figure": "Figure",
    "gap_command_value": "As printed",
    "gap_command_command": "Command",
    "gap_command_table": "the whole table",
    "gap_command_picture": "a picture",
    "gap_command_map": "Map",
    "gap_figure_people": "People with a score",
    "gap_figure_below": "People below {below}",
    "gap_figure_percent": "Of 100 people, below {below}",
    "gap_figure_none": "People with none in reach",
    "gap_figure_unscored": "People without a score",
    "gap_figure_in_no_area": "People in none of the areas",
    "gap_figure_not_counted": "Of 100 people, not counted (areas with fewer than 11 residents)",
    "gap_figure_gini": "Gini index",
    "gap_figure_apart": "Points between two people picked at random",
    "gap_figure_theil": "Theil index",
    "gap_figure_between": "Of 100 parts of it, between areas",
    "gap_figure_palma": "Palma ratio",
    "gap_figure_concentration": "Concentration index",
    "gap_figure_lorenz_half": "Parts of 100 that the half with least have",
    "gap_figure_concentration_half": "Parts of 100 that the worst-off half have",
    "gap_own_mended": Plural(
        "{count} area of {file} crosses itself and was mended ({first}).",
        "{count} areas of {file} cross themselves and were mended (first: {first}).",
    ),
    "gap_own_outside": Plural(
        "{count} area of {file} lies outside the region and is left out ({first}).",
        "{count} areas of {file} lie outside the region and are left out (first: {first}).",
    ),
    "gap_own_no_area": Plural(
        "{count} shape of {file} is no area and is left out ({first}).",
        "{count} shapes of {file} are no areas and are left out (first: {first}).",
    ),
    "gap_own_unreadable": Plural(
        "{count} shape of {file} can't be read and is left out.",
        "{count} shapes of {file} can't be read and are left out.",
    ),
    "gap_own_beyond": Plural(
        "{count} area of {file} reaches beyond the region; only people inside it are counted ({first}).",
        "{count} areas of {file} reach beyond the region; only people inside it are counted (first: {first}).",
    ),
    "gap_own_nobody": Plural(
        "{count} area of {file} isn't listed: no small area with 11 or more residents lies in it ({first}).",
        "{count} areas of {file} aren't listed: no small area with 11 or more residents lies in them (first: {first}).",
    ),
    # columns of the tables
    "gap_column_area_id": "The area: GEOID, name, ZIP code or square",
    "gap_column_name": "The area's name",
    "gap_column_level": "Kind of areas; own: from a file",
    "gap_column_near": "The named place that most of it is near",
    "gap_column_people": "People, of small areas with at least 11 residents (in the table of areas: with a score)",
    "gap_column_mean": "Average score of its people, 0 to 100, in whole points",
    "gap_column_people_below": "People whose score is below the threshold",
    "gap_column_percent_below": "Of 100 people, how many have a score below the threshold",
    "gap_column_people_none": "People who have none of it in reach, though the region has some",
    "gap_column_people_unscored": "People without a score: no street nearby, or no data",
    "gap_column_dimension": "Weakest dimension of most people below the threshold (of all, where nobody is below)",
    "gap_column_class_name": "What of that dimension loses most points for most of them",
    "gap_column_kind": "What groups are made by",
    "gap_column_group": "Group of people",
    "gap_column_of": "Whom the group counts: people or workers",
    "gap_column_size": "Size of the group, rounded to hundreds",
    "gap_column_band": "Of 100 people of the group, how many score from {low} to under {high} (the last: to 100)",
    "gap_column_low": "Lowest score of the step",
    "gap_column_high": "Highest score of the step (under it; the last: up to it)",
    "gap_column_curve": "lorenz: people with least first; concentration: people of the worst-off areas first",
    "gap_column_percent_of_people": "Percent of people, counted from the first",
    "gap_column_percent_of_access": "Percent of all that is in reach that these people have",
    "gap_column_profile": "How people get around",
    "gap_column_medication": "Medication that they take",
    "gap_column_date": "Service day",
    "gap_column_measure": "What is measured: total, a dimension, or a class of places (class_…)",
    "gap_column_threshold": "Below it people are counted",
}
