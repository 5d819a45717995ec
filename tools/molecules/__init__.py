"""labhand.tools.molecules."""
