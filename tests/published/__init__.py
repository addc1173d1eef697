"""Numbers of other programs and of pencil and paper."""
