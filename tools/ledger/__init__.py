"""labhand.tools.ledger."""
