"""Many regions at once: a list of them built and scored unit by unit, here or on a cluster, also after a stop.

Nothing about people comes here: a unit knows files of places and one of the published profiles, and nothing else
(a contract and a test hold that).
"""
