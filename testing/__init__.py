"""labhand.testing: the doubles that tests and users' tests need.

- ``scripted``: a chat model that follows a script
- ``fake_openai``: an OpenAI-compatible server in this process, with faults
- ``no_network``: forbids every connection that leaves this machine
- ``tools``: small tools that behave, and small tools that misbehave
- ``executor``: an executor without workers and files
- ``names``: a small store of compound names in memory
"""
