"""Does the record hold; how reliable is the batch."""
