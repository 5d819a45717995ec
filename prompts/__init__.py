"""labhand.prompts."""
