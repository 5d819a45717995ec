"""labhand.local_models.embedded."""
