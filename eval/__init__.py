"""labhand.eval."""
