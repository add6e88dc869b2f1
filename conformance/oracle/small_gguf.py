#!/usr/bin/env python3
"""The small bases that are GGUF files: small_gguf.py DIRECTORY writes them there.

They are not among the bases of the corpus yet: those come with the vectors of GGUF-002 and the following. Values are made by arithmetic, so that
two runs give the same bytes. What the bases show is what small_gguf.BASES says of them.
"""
import pathlib
import struct
import sys

from gguf_form import SWAPPED, TYPES, blocks, write
from small_values import bell, bf16, f16, f32

BASES = {
    "gguf-llama-quantized": "a decoder in one file: Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, IQ4_NL, F16, BF16 and F32, all keys that converters write",
    "gguf-llama-sharded": "the same model in three files, the first without a tensor",
    "gguf-bert": "an encoder, F16 and F32, learned positions, two token types",
    "gguf-block-types": "a tensor of each type of ggml, every bit of it drawn",
    "gguf-big-endian": "a decoder in big-endian order, of each type that has an agreed order there",
    "gguf-version-2": "version 2, alignment 64, arrays of every type, an empty tensor and a scalar",
}

# Types that a file should not hold; one base shows them all the same.
INTERMEDIATE = ["Q8_1", "Q8_K"]

LAYERS, HIDDEN, HEADS, KEY_VALUE_HEADS, INNER, VOCABULARY, POSITIONS = 1, 32, 4, 2, 64, 64, 128

METADATA = """# What the format of the base {name} cannot hold.
producer:
  name: PyTorch
  version: 2.13.0
modalities: [text]
pre-training:                  # as a model of this family states it; the weights here are made by arithmetic
  paradigm: self-supervised
  objective: {objective}
"""


# -------------------------------------------------------------------------------------------------------------------- encoders

def half(number):
    """A number rounded to f16, and its bytes."""
    data = struct.pack("<e", number)
    return struct.unpack("<e", data)[0], data


def halves(codes):
    """Codes of four bits: the first half of a block in the low halves of bytes."""
    middle = len(codes) // 2
    return bytes(low | high << 4 for low, high in zip(codes[:middle], codes[middle:]))


def near(number, scale, least, greatest):
    return min(max(round(number / scale), least), greatest) if scale else max(least, min(0, greatest))


def fifth(codes):
    """The fifth bits of codes, as a number of 32 bits."""
    return struct.pack("<I", sum((code >> 4) << place for place, code in enumerate(codes)))


def q4_0(v):
    d, data = half(max(v, key=abs) / -8)
    return data + halves([near(x, d, -8, 7) + 8 for x in v])


def q5_0(v):
    d, data = half(max(v, key=abs) / -16)
    codes = [near(x, d, -16, 15) + 16 for x in v]
    return data + fifth(codes) + halves([code & 15 for code in codes])


def q4_1(v):
    (d, first), (m, second) = half((max(v) - min(v)) / 15), half(min(v))
    return first + second + halves([near(x - m, d, 0, 15) for x in v])


def q5_1(v):
    (d, first), (m, second) = half((max(v) - min(v)) / 31), half(min(v))
    codes = [near(x - m, d, 0, 31) for x in v]
    return first + second + fifth(codes) + halves([code & 15 for code in codes])


def q8_0(v):
    d, data = half(max(map(abs, v)) / 127)
    return data + struct.pack("<32b", *(near(x, d, -127, 127) for x in v))


CURVE = [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113]


def iq4_nl(v):
    d, data = half(max(v, key=abs) / CURVE[0])
    return data + halves([min(range(16), key=lambda code: abs(d * CURVE[code] - x)) for x in v])


ENCODERS = {"Q4_0": q4_0, "Q4_1": q4_1, "Q5_0": q5_0, "Q5_1": q5_1, "Q8_0": q8_0, "IQ4_NL": iq4_nl}


def encode(kind, values):
    if kind in ENCODERS:
        return b"".join(ENCODERS[kind](values[at:at + 32]) for at in range(0, len(values), 32))
    return {"F32": f32, "F16": f16, "BF16": bf16}[kind](values)


def weight(name, kind, *dims):
    """A tensor as `write` takes it; those of norms lie around one."""
    count = 1
    for dim in dims:
        count *= dim
    values = bell(name, count)
    if "norm" in name and name.endswith("weight"):
        values = [1 + v / 4 for v in values]
    return kind, list(dims), encode(kind, values)


# ---------------------------------------------------------------------------------------------------------------------- models

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def general(architecture, name, file_type, **more):
    """The keys of `general`; `more` under their last segment."""
    return {
        "general.architecture": ("string", architecture), "general.type": ("string", "model"), "general.name": ("string", name),
        "general.author": ("string", "gbt42382 contributors"), "general.organization": ("string", "gbt42382"), "general.version": ("string", "1.0.0"),
        "general.description": ("string", "A small base of the conformance corpus."), "general.license": ("string", "apache-2.0"),
        "general.uuid": ("string", "4a1f0c62-8f3e-5b7a-9d21-6c0e42382026"), "general.languages": ("array", ("string", ["en"])),
        "general.quantization_version": ("u32", 2), "general.file_type": ("u32", file_type)} | {f"general.{key}": value for key, value in more.items()}


def llama_pairs(file_type, name="gguf-llama-quantized"):
    tokens = ["<unk>", "<s>", "</s>"] + list(LETTERS) + ["▁" + letter for letter in LETTERS] + list(".,!?-:;'\"")
    types = [2, 3, 3] + [1] * (VOCABULARY - 3)
    return general("llama", name, file_type, size_label=("string", "19K"), quantized_by=("string", "gbt42382 contributors")) | {
        "llama.block_count": ("u32", LAYERS), "llama.context_length": ("u32", POSITIONS), "llama.embedding_length": ("u32", HIDDEN),
        "llama.feed_forward_length": ("u32", INNER), "llama.attention.head_count": ("u32", HEADS),
        "llama.attention.head_count_kv": ("u32", KEY_VALUE_HEADS), "llama.attention.key_length": ("u32", HIDDEN // HEADS),
        "llama.attention.value_length": ("u32", HIDDEN // HEADS), "llama.attention.layer_norm_rms_epsilon": ("f32", 1e-5),
        "llama.rope.dimension_count": ("u32", HIDDEN // HEADS), "llama.rope.freq_base": ("f32", 10000.0), "llama.vocab_size": ("u32", VOCABULARY),
        "tokenizer.ggml.model": ("string", "llama"), "tokenizer.ggml.pre": ("string", "default"),
        "tokenizer.ggml.tokens": ("array", ("string", tokens[:VOCABULARY])),
        "tokenizer.ggml.scores": ("array", ("f32", [-float(place) for place in range(VOCABULARY)])),
        "tokenizer.ggml.token_type": ("array", ("i32", types)), "tokenizer.ggml.bos_token_id": ("u32", 1),
        "tokenizer.ggml.eos_token_id": ("u32", 2), "tokenizer.ggml.unknown_token_id": ("u32", 0), "tokenizer.ggml.add_bos_token": ("bool", True),
        "tokenizer.ggml.add_eos_token": ("bool", False)}


def llama_tensors(kinds):
    """The tensors of a decoder; `kinds` are the types of its matrices, used in turn."""
    narrow, tensors, place = HIDDEN // HEADS * KEY_VALUE_HEADS, {}, 0
    shapes = [("token_embd.weight", (VOCABULARY, HIDDEN))]
    for layer in range(LAYERS):
        block = f"blk.{layer}."
        shapes += [(block + "attn_norm.weight", (HIDDEN,)), (block + "attn_q.weight", (HIDDEN, HIDDEN)), (block + "attn_k.weight", (narrow, HIDDEN)),
                   (block + "attn_v.weight", (narrow, HIDDEN)), (block + "attn_output.weight", (HIDDEN, HIDDEN)), (block + "ffn_norm.weight", (HIDDEN,)),
                   (block + "ffn_gate.weight", (INNER, HIDDEN)), (block + "ffn_up.weight", (INNER, HIDDEN)), (block + "ffn_down.weight", (HIDDEN, INNER))]
    shapes += [("output_norm.weight", (HIDDEN,)), ("output.weight", (VOCABULARY, HIDDEN))]
    for name, dims in shapes:
        kind = "F32" if len(dims) == 1 else kinds[place % len(kinds)]
        place += len(dims) == 2
        tensors[name] = weight(name, kind, *dims)
    return tensors


QUANTIZED = ["Q8_0", "Q4_0", "Q5_0", "Q4_1", "IQ4_NL", "Q4_0", "Q5_1", "F16", "BF16"]


def quantized():
    return {"model.gguf": write(llama_pairs(2), llama_tensors(QUANTIZED))}


def sharded():
    """The first file has the keys and no tensor, as some tools split."""
    tensors, pairs, files = list(llama_tensors(QUANTIZED).items()), llama_pairs(2, "gguf-llama-sharded"), {}
    for number, part in enumerate([[], tensors[:5], tensors[5:]]):
        split = {"split.no": ("u16", number), "split.count": ("u16", 3), "split.tensors.count": ("i32", len(tensors))}
        files[f"model-0000{number + 1}-of-00003.gguf"] = write((pairs if number == 0 else {}) | split, dict(part))
    return files


def bert():
    tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"] + ["▁" + letter for letter in LETTERS] + list(LETTERS) + list(".,!?-:;")
    pairs = general("bert", "gguf-bert", 1) | {
        "bert.block_count": ("u32", LAYERS), "bert.context_length": ("u32", POSITIONS), "bert.embedding_length": ("u32", HIDDEN),
        "bert.feed_forward_length": ("u32", INNER), "bert.attention.head_count": ("u32", HEADS), "bert.attention.layer_norm_epsilon": ("f32", 1e-12),
        "bert.attention.causal": ("bool", False), "bert.pooling_type": ("u32", 1), "bert.vocab_size": ("u32", VOCABULARY),
        "tokenizer.ggml.model": ("string", "bert"), "tokenizer.ggml.pre": ("string", "jina-v2-en"),
        "tokenizer.ggml.token_type_count": ("u32", 2), "tokenizer.ggml.tokens": ("array", ("string", tokens[:VOCABULARY])),
        "tokenizer.ggml.token_type": ("array", ("i32", [3] * 5 + [1] * (VOCABULARY - 5))), "tokenizer.ggml.padding_token_id": ("u32", 0),
        "tokenizer.ggml.unknown_token_id": ("u32", 1), "tokenizer.ggml.cls_token_id": ("u32", 2), "tokenizer.ggml.seperator_token_id": ("u32", 3),
        "tokenizer.ggml.mask_token_id": ("u32", 4)}
    del pairs["general.quantization_version"]
    shapes = {"token_embd.weight": (VOCABULARY, HIDDEN), "position_embd.weight": (POSITIONS, HIDDEN), "token_types.weight": (2, HIDDEN),
              "token_embd_norm.weight": (HIDDEN,), "token_embd_norm.bias": (HIDDEN,)}
    for layer in range(LAYERS):
        for part, dims in {"attn_q": (HIDDEN, HIDDEN), "attn_k": (HIDDEN, HIDDEN), "attn_v": (HIDDEN, HIDDEN), "attn_output": (HIDDEN, HIDDEN),
                           "attn_output_norm": (HIDDEN,), "ffn_up": (INNER, HIDDEN), "ffn_down": (HIDDEN, INNER), "layer_output_norm": (HIDDEN,)}.items():
            shapes |= {f"blk.{layer}.{part}.weight": dims, f"blk.{layer}.{part}.bias": dims[:1]}
    return {"model.gguf": write(pairs, {name: weight(name, "F16" if len(dims) == 2 else "F32", *dims) for name, dims in shapes.items()})}


def drawn(kinds):
    """A tensor of each type, of 256 elements or two blocks, whichever is more, as a row or in two."""
    tensors = {}
    for kind in kinds:
        size = max(TYPES[kind].elements, 128)
        tensors[f"types.{kind.lower()}"] = kind, [2, size], blocks(kind, 2 * size // TYPES[kind].elements, "base", extremes=False)
    return tensors


def block_types():
    pairs = general("llama", "gguf-block-types", 1024) | {
        "llama.block_count": ("u32", 1), "llama.context_length": ("u32", POSITIONS), "llama.embedding_length": ("u32", 256)}
    return {"model.gguf": write(pairs, drawn(TYPES))}


def big_endian():
    pairs = llama_pairs(2, "gguf-big-endian")
    tensors = llama_tensors(["Q8_0", "Q4_0", "F16", "Q4_1", "IQ4_NL", "BF16"]) | drawn(kind for kind in SWAPPED if kind not in INTERMEDIATE)
    return {"model.gguf": write(pairs, tensors, order=">")}


def version_2():
    pairs = general("llama", "gguf-version-2", 0) | {
        "general.alignment": ("u32", 64), "llama.block_count": ("u64", 1), "llama.context_length": ("u64", POSITIONS),
        "llama.embedding_length": ("u64", 4), "llama.attention.head_count": ("array", ("i32", [2])), "llama.feed_forward_length": ("u16", 8),
        "tokenizer.ggml.model": ("string", "no_vocab")}
    numbers = {"u8": [0, 255], "i8": [-128, 127], "u16": [0, 65535], "i16": [-2**15, 2**15 - 1], "u32": [0, 2**32 - 1], "i32": [-2**31, 2**31 - 1],
               "f32": [0.5, -2.0], "bool": [True, False], "u64": [0, 2**64 - 1], "i64": [-2**63, 2**63 - 1], "f64": [0.1, -1e300],
               "string": ["", "层归一化"]}
    pairs |= {f"test.list.{kind}": ("array", (kind, elements)) for kind, elements in numbers.items()}
    pairs |= {f"test.one.{kind}": (kind, elements[1]) for kind, elements in numbers.items()}
    pairs["test.list.empty"] = "array", ("f32", [])
    return {"model.gguf": write(pairs, {
        "token_embd.weight": weight("token_embd.weight", "F32", 8, 4), "blk.0.ffn_up.weight": weight("blk.0.ffn_up.weight", "F32", 8, 4),
        "scalar": weight("scalar", "F32"), "empty": weight("empty", "F32", 0, 4), "output_norm.weight": weight("output_norm.weight", "F32", 4)},
        version=2)}


def make():
    """All of them: name of the base → name of the file → bytes; and the metadata that go with them."""
    made = {"gguf-llama-quantized": quantized(), "gguf-llama-sharded": sharded(), "gguf-bert": bert(), "gguf-block-types": block_types(),
            "gguf-big-endian": big_endian(), "gguf-version-2": version_2()}
    assert made.keys() == BASES.keys()
    objective = {"gguf-bert": "masked-language-modelling"}
    return made, {name: METADATA.format(name=name, objective=objective.get(name, "causal-language-modelling")) for name in made}


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    made, metadata = make()
    for base, files in made.items():
        for name, content in (files | {"metadata.yaml": metadata[base].encode()}).items():
            path = pathlib.Path(sys.argv[1], base, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        print(f"{base}: {BASES[base]}, {sum(map(len, files.values()))} bytes")


if __name__ == "__main__":
    main()
