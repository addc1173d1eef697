"""Return models against other libraries and plain loops."""
