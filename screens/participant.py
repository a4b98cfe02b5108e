"""The page to find support near a place, now, tonight and this week, and the way home."""

from screens import page, visit

say = page.speaking()
region = visit.region(say)
page.footer(say, region.facts.sources if region else ())
