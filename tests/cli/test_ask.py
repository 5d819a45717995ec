import json

import pytest

from labhand.agents.reply import Reply


def reply_of(result) -> Reply:
    """The reply that standard output holds, and nothing else."""
    return Reply.model_validate_json(result.out)


def test_an_answer_with_its_evidence(labhand, ethanol):
    result = labhand("ask", "weigh", "ethanol", "--model", ethanol)
    assert result.code == 0
    assert result.out.startswith("Ethanol weighs 46.069 g/mol [o1].\n")
    assert "o1   molar_mass" in result.out
    assert "RDKit" in result.out
    assert "\x1b" not in result.out


def test_the_reply_as_json(labhand, ethanol):
    result = labhand("ask", "--json", "-", "--model", ethanol, stdin=b"weigh ethanol\n")
    reply = reply_of(result)
    assert (result.code, reply.status, reply.question) == (0, "answered", "weigh ethanol")
    assert [(q.property, q.evidence) for q in reply.quantities] == [("molar_mass", "o1")]
    assert result.out.count("\n") == 1


def test_a_session_is_gone_on_with(labhand, ethanol, scripted):
    first = reply_of(labhand("ask", "--json", "weigh it", "--model", ethanol))
    again = scripted({"text": "It was {o1.molar_mass}."})
    second = labhand("ask", "--json", "again", "--resume", first.session, "--model", again)
    assert reply_of(second).answer == "It was 46.069 g/mol [o1]."
    assert reply_of(second).session == first.session


BAD = [
    (["ask", ""], 2, "The question is empty."),
    (["ask", "x" * 1_000_000], 2, "1,000,000 characters"),
    (["ask", "q", "--model", "gpt 5"], 2, "there is no model 'gpt 5'"),
    (["ask", "q", "--model", "scripted:/no/such/file.jsonl"], None, "/no/such/file.jsonl"),
    (["ask", "q", "--strategy", "few_shoot"], 2, "Did you mean few_shot"),
    (["ask", "q", "--attach", "missing.csv"], 2, "missing.csv"),
    (["ask", "q", "--attach", "."], 2, "."),
    (["ask", "q", "--attach", "bad.bin"], 2, "is not a text file"),
    (["ask", "q", "--resume", "nothing"], 1, "there is no session 'nothing'"),
    (["ask", "q", "--models", "embedded"], 2, "at least two"),
    (["ask", "q", "--models", "a,b", "--model", "c"], 2, "exclude each other"),
    (["ask", "q", "--file", "x.jsonl"], 2, "exclude each other"),
    (["ask", "--file", "missing.jsonl"], 2, "missing.jsonl cannot be read"),
    (["ask", "q", "--no-such-option"], 2, "--no-such-option"),
    (["ask", "q", "--max-calls", "many"], 2, "--max-calls"),
    (["ask", "q", "--max-calls", "-1"], 2, "budget.model_calls"),
]


@pytest.mark.parametrize(("arguments", "code", "part"), BAD, ids=lambda v: str(v)[:40])
@pytest.mark.parametrize("as_json", [False, True], ids=["text", "json"])
def test_bad_input_ends_in_one_sentence(labhand, home, arguments, code, part, as_json):
    (home.parent / "work" / "bad.bin").write_bytes(b"\x00\xff")
    result = labhand(*arguments, *(["--json"] if as_json else []))
    assert result.code in ((code,) if code else (1, 2))
    assert part in result.err
    assert result.err.startswith("labhand: ")
    assert result.err.count("\n") == 1
    assert "Traceback" not in result.err
    if as_json:
        reply = reply_of(result)
        assert reply.status == "failed"
        assert part in (reply.reason or "")
    else:
        assert result.out == ""


def test_binary_standard_input_is_refused(labhand):
    for content in (b"\xff\xfe\x00", b"a\x00b", b"", b" \n"):
        result = labhand("ask", "-", stdin=content)
        assert (result.code, result.out) == (2, "")


def test_a_failed_turn_has_exit_code_1(labhand, scripted):
    dead = scripted({"error": "the endpoint is down"})
    result = labhand("ask", "q", "--model", dead)
    assert result.code == 1
    assert "the endpoint is down" in result.err
    as_json = labhand("ask", "q", "--model", dead, "--json")
    assert (as_json.code, reply_of(as_json).status) == (1, "failed")


def test_the_budget_flags_hold(labhand, scripted):
    forever = scripted(
        {"calls": [{"name": "molar_mass", "args": {"smiles": "CCO"}}]},
        {"calls": [{"name": "molar_mass", "args": {"smiles": "CCC"}}]},
        {"text": "Never said."},
    )
    reply = reply_of(labhand("ask", "q", "--json", "--model", forever, "--max-calls", "1"))
    assert "budget of 1 model calls" in (reply.reason or "")


def test_an_attachment_goes_with_the_question(labhand, home, scripted):
    (home.parent / "work" / "data.csv").write_text("mass 12.5 g\n")
    model = scripted({"text": "The file says 12.5 g."})
    reply = reply_of(labhand("ask", "what?", "-a", "data.csv", "--json", "--model", model))
    assert reply.answer == "The file says 12.5 g."


def lines(result):
    return [json.loads(line) for line in result.out.splitlines()]


def test_every_line_of_a_file_has_its_reply_in_order(labhand, home, ethanol):
    content = [
        b'\xef\xbb\xbf{"question": "weigh ethanol", "id": 7, "status": "mine"}',
        b"not json",
        b"",
        b'["a list"]',
        b'{"id": 3}',
        b'{"question": ""}',
        b'{"question": "\xff"}',
        b'{"question": 5}',
        b"[" * 100_000,
        b'{"question": "weigh ethanol again", "id": "last"}',
        b"",
        b"",
    ]
    (home.parent / "work" / "q.jsonl").write_bytes(b"\n".join(content))
    result = labhand("ask", "--file", "q.jsonl", "--model", ethanol)
    replies = lines(result)
    assert result.code == 0
    assert [r["status"] for r in replies] == ["answered", *["failed"] * 8, "answered"]
    assert (replies[0]["id"], replies[-1]["id"]) == (7, "last")
    assert replies[1]["reason"].startswith("Line 2 is not valid JSON")
    assert replies[2]["reason"].startswith("Line 3 is empty")
    assert all(r["observations"][0]["id"] == "o1" for r in (replies[0], replies[-1]))
    assert replies[0]["session"] != replies[-1]["session"]


def test_a_file_may_come_by_standard_input(labhand, ethanol):
    result = labhand("ask", "--file", "-", "--model", ethanol, stdin=b'{"question": "weigh it"}')
    assert [r["status"] for r in lines(result)] == ["answered"]


def test_a_file_with_a_model_that_cannot_be_made_fails_line_by_line(labhand):
    result = labhand("ask", "--file", "-", "--model", "no model", stdin=b'{"question": "q"}\n' * 2)
    assert result.code == 0
    assert [r["status"] for r in lines(result)] == ["failed", "failed"]


def test_two_models_are_compared(labhand, ethanol, scripted):
    other = scripted(
        {"calls": [{"name": "monoisotopic_mass", "args": {"smiles": "CCO"}}]},
        {"calls": [{"name": "molar_mass", "args": {"smiles": "CCO"}}]},
        {"text": "{o1.monoisotopic_mass}, {o2.molar_mass}"},
    )
    result = labhand("ask", "weigh ethanol", "--models", f"{ethanol},{other}", "--json")
    record = result.json
    assert result.code == 0
    assert record["question"] == "weigh ethanol"
    assert [r["status"] for r in record["replies"]] == ["answered", "answered"]
    assert record["agreement"]["agree"] is True
    assert [c["property"] for c in record["agreement"]["compared"]] == ["molar_mass"]
    text = labhand("ask", "weigh ethanol", "--models", f"{ethanol},{other}")
    assert "The models agree." in text.out


def test_one_model_that_fails_leaves_the_others(labhand, ethanol):
    result = labhand("ask", "q", "--models", f"{ethanol},no model", "--json")
    assert result.code == 1
    assert [r["status"] for r in result.json["replies"]] == ["answered", "failed"]
    assert result.json["agreement"]["agree"] is None
