"""The world at the edge: store, files, reports, clock."""
