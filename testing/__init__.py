"""labhand.testing."""
