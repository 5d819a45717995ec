"""labhand.testing: the doubles that tests and users' tests need.

- ``scripted.ScriptedChatModel``: a chat model that follows a script
- ``fake_openai.FakeOpenAI``: an OpenAI-compatible server in this process, with faults
- ``no_network.no_network``: forbids every connection that leaves this machine
"""
