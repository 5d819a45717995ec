"""labhand.agents.middleware."""
