"""What runs without being asked: the alert worker's tick, the small periodic jobs, and the watch over the worker."""
