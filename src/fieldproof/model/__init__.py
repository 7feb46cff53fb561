"""The entities and code lists, in the terms of IMAS: plain values, no behaviour but checks."""
