"""What we are measured against: the ordinary way to do each thing, written as its own pages show it."""
