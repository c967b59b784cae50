"""`make bench`: what the project promises about speed and size, measured beside its peers in one run."""
