"""Plug-in family: one file adds one member."""
