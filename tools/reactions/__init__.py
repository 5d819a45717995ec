"""labhand.tools.reactions."""
