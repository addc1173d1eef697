"""Input that is wrong: one clear message, and nothing written."""
