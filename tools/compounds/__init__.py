"""labhand.tools.compounds."""
