"""The graph of all-MiniLM-L6-v2, built from its published weights, without torch.

A BERT encoder (Devlin et al. 2019, doi:10.18653/v1/N19-1423) of six layers, width 384,
twelve heads, distilled as MiniLM (Wang et al. 2020, arXiv:2002.10957), followed by the
mean over the tokens and division by the Euclidean norm (Reimers and Gurevych 2019,
doi:10.18653/v1/D19-1410).

=============================================  =================================
equation                                       in the code
=============================================  =================================
h = LN(E_word + E_position + E_type)           ``_embeddings``
softmax(Q Kᵀ / √d + mask) V                    ``_attention``
LN(h + W_o a),  LN(h + W_2 GELU(W_1 h))        ``_layer``
e = (Σ m_t h_t) / (Σ m_t),  e / ‖e‖            ``_pool``
=============================================  =================================

Shapes: [b] texts, [s] tokens, [w] = 384, [n] = 12 heads, [d] = w / n.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy

#: Names of the graph's inputs, each [b, s] of int64, and of its output [b, w].
INPUTS = ("input_ids", "attention_mask", "token_type_ids")
OUTPUT = "embedding"

OPSET = 20
IR_VERSION = 9
# Added to the scores of padding; far below any score, and finite in every precision.
MASKED = -1e4


class _Graph:
    """Nodes and constants of an ONNX graph under construction."""

    def __init__(self, weights: Mapping[str, numpy.ndarray]) -> None:
        self.nodes: list[Any] = []
        self.constants: dict[str, Any] = {}
        self.weights = weights

    def op(self, kind: str, *inputs: str, **attributes: Any) -> str:
        """Add a node; returns the name of its output."""
        from onnx import helper

        name = f"{kind}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], **attributes))
        return name

    def constant(self, name: str, value: Any) -> str:
        """Add a constant (once for each name); returns the name."""
        import numpy
        from onnx import numpy_helper

        if name not in self.constants:
            array = numpy.ascontiguousarray(value)
            self.constants[name] = numpy_helper.from_array(array, name)
        return name

    def weight(self, key: str, *, transposed: bool = False) -> str:
        """Add a tensor of the weights file."""
        array = self.weights[key]
        return self.constant(key, array.T if transposed else array)

    def linear(self, x: str, key: str) -> str:
        """x Wᵀ + b; [.., i] → [.., o]."""
        product = self.op("MatMul", x, self.weight(f"{key}.weight", transposed=True))
        return self.op("Add", product, self.weight(f"{key}.bias"))

    def norm(self, x: str, key: str, epsilon: float) -> str:
        """Layer normalisation over the last axis."""
        scale, shift = self.weight(f"{key}.weight"), self.weight(f"{key}.bias")
        return self.op("LayerNormalization", x, scale, shift, axis=-1, epsilon=epsilon)


def build_graph(weights: Mapping[str, numpy.ndarray], config: Mapping[str, Any]) -> Any:
    """The encoder as an ONNX model (``onnx.ModelProto``), checked.

    Args:
        weights: tensors by their name in ``model.safetensors``.
        config: ``config.json`` beside it.

    Raises:
        KeyError: a tensor or a setting is missing.
    """
    import onnx
    from onnx import TensorProto, helper

    graph = _Graph(weights)
    mask = graph.op("Cast", "attention_mask", to=TensorProto.FLOAT)  # [b, s]
    bias = _score_bias(graph, mask)
    hidden = _embeddings(graph, config)
    for number in range(config["num_hidden_layers"]):
        hidden = _layer(graph, hidden, bias, f"encoder.layer.{number}", config)
    pooled = _pool(graph, hidden, mask)
    graph.nodes.append(helper.make_node("Identity", [pooled], [OUTPUT]))
    width = config["hidden_size"]
    made = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "all-MiniLM-L6-v2",
            [helper.make_tensor_value_info(n, TensorProto.INT64, ["b", "s"]) for n in INPUTS],
            [helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, ["b", width])],
            list(graph.constants.values()),
        ),
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
    )
    onnx.checker.check_model(made)
    return made


def _embeddings(graph: _Graph, config: Mapping[str, Any]) -> str:
    words = graph.op("Gather", graph.weight("embeddings.word_embeddings.weight"), INPUTS[0])
    types = graph.op("Gather", graph.weight("embeddings.token_type_embeddings.weight"), INPUTS[2])
    length = graph.op("Shape", INPUTS[0], start=1, end=2)
    positions = graph.op(
        "Slice",
        graph.weight("embeddings.position_embeddings.weight"),
        _integers(graph, "zero", [0]),
        length,
        _integers(graph, "zero", [0]),
    )  # [s, w]
    total = graph.op("Add", graph.op("Add", words, types), positions)  # [b, s, w]
    return graph.norm(total, "embeddings.LayerNorm", config["layer_norm_eps"])


def _score_bias(graph: _Graph, mask: str) -> str:
    """0 where a token is, ``MASKED`` where padding is; [b, 1, 1, s]."""
    wide = graph.op("Unsqueeze", mask, _integers(graph, "axes_1_2", [1, 2]))
    padding = graph.op("Sub", _number(graph, "one", 1.0), wide)
    return graph.op("Mul", padding, _number(graph, "masked", MASKED))


def _layer(graph: _Graph, x: str, bias: str, key: str, config: Mapping[str, Any]) -> str:
    epsilon = config["layer_norm_eps"]
    attended = _attention(graph, x, bias, f"{key}.attention.self", config)
    out = graph.linear(attended, f"{key}.attention.output.dense")
    x = graph.norm(
        graph.op("Add", out, x), f"{key}.attention.output.LayerNorm", epsilon
    )  # [b, s, w]
    inner = graph.op("Gelu", graph.linear(x, f"{key}.intermediate.dense"))  # [b, s, 4 w]
    out = graph.linear(inner, f"{key}.output.dense")
    return graph.norm(graph.op("Add", out, x), f"{key}.output.LayerNorm", epsilon)


def _attention(graph: _Graph, x: str, bias: str, key: str, config: Mapping[str, Any]) -> str:
    width, heads = config["hidden_size"], config["num_attention_heads"]
    split = _integers(graph, "split", [0, 0, heads, width // heads])
    joined = _integers(graph, "joined", [0, 0, width])

    def head(name: str, order: list[int]) -> str:
        flat = graph.op("Reshape", graph.linear(x, f"{key}.{name}"), split)  # [b, s, n, d]
        return graph.op("Transpose", flat, perm=order)

    query, value = head("query", [0, 2, 1, 3]), head("value", [0, 2, 1, 3])  # [b, n, s, d]
    scores = graph.op("MatMul", query, head("key", [0, 2, 3, 1]))  # [b, n, s, s]
    scores = graph.op("Mul", scores, _number(graph, "scale", (width / heads) ** -0.5))
    shares = graph.op("Softmax", graph.op("Add", scores, bias), axis=-1)
    mixed = graph.op("Transpose", graph.op("MatMul", shares, value), perm=[0, 2, 1, 3])
    return graph.op("Reshape", mixed, joined)  # [b, s, w]


def _pool(graph: _Graph, hidden: str, mask: str) -> str:
    over = _integers(graph, "axis_1", [1])
    wide = graph.op("Unsqueeze", mask, _integers(graph, "axis_last", [-1]))  # [b, s, 1]
    total = graph.op("ReduceSum", graph.op("Mul", hidden, wide), over, keepdims=0)  # [b, w]
    count = graph.op("ReduceSum", mask, over, keepdims=1)  # [b, 1]
    mean = graph.op("Div", total, count)
    norm = graph.op("ReduceL2", mean, over, keepdims=1)
    # A text of no tokens would divide by zero; its vector is zero instead.
    return graph.op("Div", mean, graph.op("Max", norm, _number(graph, "tiny", 1e-12)))


def _integers(graph: _Graph, name: str, values: list[int]) -> str:
    import numpy

    return graph.constant(name, numpy.array(values, numpy.int64))


def _number(graph: _Graph, name: str, value: float) -> str:
    import numpy

    return graph.constant(name, numpy.array(value, numpy.float32))
