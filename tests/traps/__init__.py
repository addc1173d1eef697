"""Mistakes that event-study programs make, one by one."""
