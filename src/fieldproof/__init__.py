"""Fieldproof: how far each handed-over minefield record holds, and proof of each statement."""

__version__ = "0.1.0"
