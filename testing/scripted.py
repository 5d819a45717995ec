"""The scripted chat model, under the name by which tests know it.

>>> from labhand.testing.scripted import ScriptedChatModel, call
>>> from langchain_core.messages import AIMessage
>>> turns = [AIMessage("", tool_calls=[call("molar_mass", "c1", smiles="CCO")]), "Done."]
>>> model = ScriptedChatModel(script=turns)
>>> model.invoke("How heavy is ethanol?").tool_calls[0]["args"]
{'smiles': 'CCO'}

It lives in ``labhand.local_models.scripted``, because ``--model scripted:PATH`` needs it there.
"""

from __future__ import annotations

from ..local_models.script_file import Script, read_script
from ..local_models.scripted import BreaksOff, ScriptedChatModel, Turn, call

__all__ = ["BreaksOff", "Script", "ScriptedChatModel", "Turn", "call", "read_script"]
