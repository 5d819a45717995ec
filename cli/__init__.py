"""The command line: one file a command group. Importing it loads no engine and no model."""
