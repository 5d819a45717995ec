"""Without Java a systematic name ends in a sentence that says what is missing."""

from __future__ import annotations

import pytest

from labhand.tools.contract import NotFoundError
from labhand.tools.molecules.resolve_compound import resolve_compound


def test_the_missing_java_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    # The search path is the interface by which Java is found: there is no parameter for it.
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(NotFoundError) as caught:
        resolve_compound(compound="4-(3-bromophenyl)-3-methylheptan-2-one")
    assert "Java" in caught.value.remedy
    assert "apt install" in caught.value.remedy
