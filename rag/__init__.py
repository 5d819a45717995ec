"""labhand.rag."""
