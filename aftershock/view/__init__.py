"""Finished runs on a local page: listed, side by side, compared; nothing is written."""

from aftershock.view.server import make_server

__all__ = ["make_server"]
