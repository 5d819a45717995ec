"""Ask from Python: the answer, its numbers, and the evidence behind each of them.

python examples/ask.py
"""

from labhand import Session


def main() -> None:
    """Two questions of one conversation; the second refers to the first."""
    with Session(model="embedded") as session:
        for question in ("What is the boiling point of ethanol?", "And its molar mass?"):
            reply = session.ask(question)
            print(f"{question}\n  {reply.answer.splitlines()[0]}")
            for quantity in reply.quantities:
                evidence = session.ledger.get(quantity.evidence)
                print(f"  {quantity.evidence}: {evidence.tool}, {quantity.source}")


if __name__ == "__main__":
    main()
