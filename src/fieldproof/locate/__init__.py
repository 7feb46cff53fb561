"""From a paper record to a place with its error."""
