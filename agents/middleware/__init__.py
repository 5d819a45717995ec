"""The middlewares of the loop, one concern each, in the order in which they are stacked.

Around a model call, from the outside in: grounding → repair → fallback → recording →
masking → prompt and short-list → budget → calling. Around a tool call: ordering → loops →
budget → errors → approval → execution.

All of them wrap; none adds a node to the graph, which keeps a step of the loop cheap,
and what a retry threw away never enters the conversation.
"""
