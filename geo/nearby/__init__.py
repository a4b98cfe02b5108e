"""Nearby: what is open now, tonight's meetings, and home by the last bus."""
