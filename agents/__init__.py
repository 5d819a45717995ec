"""labhand.agents."""
