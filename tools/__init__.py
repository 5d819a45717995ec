"""labhand.tools: the contract of a tool, the evidence ledger, and the tools by domain."""
