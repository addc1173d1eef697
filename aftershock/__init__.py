"""aftershock: news events in, tested market reactions and simulated trades out."""
