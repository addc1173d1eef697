"""What must not change a result."""
