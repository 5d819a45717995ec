"""labhand.tools.quantities."""
