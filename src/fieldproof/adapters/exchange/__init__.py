"""Files of the field, in and out."""
