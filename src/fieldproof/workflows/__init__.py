"""The verbs of a user, as plain functions."""
