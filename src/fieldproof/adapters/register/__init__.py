"""The register: an append-only, hash-chained ledger and the tables projected from it."""
