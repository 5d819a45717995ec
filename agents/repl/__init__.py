"""The conversation in a terminal: prompt_toolkit reads, rich prints, a thread works.

Nothing that was printed is ever redrawn, so the scrollback holds the whole conversation.
"""
