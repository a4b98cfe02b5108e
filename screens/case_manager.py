"""The page to compare homes for one person's needs, entered for this visit only."""

from screens import page, visit

say = page.speaking()
region = visit.region(say)
page.footer(say, region.facts.sources if region else ())
