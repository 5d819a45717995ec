"""labhand.tools.execution."""
