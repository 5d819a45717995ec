"""labhand.agents.entities."""
