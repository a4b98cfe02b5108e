"""The page that says how fresh and how complete a region's data is."""

from screens import page, visit

say = page.speaking()
region = visit.region(say)
page.footer(say, region.facts.sources if region else ())
