"""``python -m aftershock`` and the console command."""

from aftershock.cli import main

__all__ = ["main"]

if __name__ == "__main__":
    main()
