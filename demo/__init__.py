"""The demo: our processes beside the stand-in, on this machine only."""
