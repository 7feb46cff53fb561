"""When it is done, what it costs: series, pace and what claims imply."""
