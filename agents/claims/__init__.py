"""labhand.agents.claims."""
