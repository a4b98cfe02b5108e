"""The page that says where support is missing, and who is left out."""

from screens import page, visit

say = page.speaking()
region = visit.region(say)
page.footer(say, region.facts.sources if region else ())
