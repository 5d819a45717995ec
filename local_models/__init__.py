"""labhand.local_models."""
