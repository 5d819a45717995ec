"""labhand.cli."""
