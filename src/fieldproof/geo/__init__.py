"""Geodesy, magnetism, rasters and shapes: pure functions, metres and degrees."""
