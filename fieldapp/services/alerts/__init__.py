"""The alert engine: what opens an alert, how it climbs, who takes it, how it ends."""
