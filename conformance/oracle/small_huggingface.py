"""The small bases in the layout of Hugging Face directories."""
import io
import json
import math
import struct
import zipfile

from small_values import bell, f32, i64, safetensors, weights

DTYPES = {"f32": "F32", "f16": "F16", "bf16": "BF16"}
STATED = {"f32": "float32", "f16": "float16", "bf16": "bfloat16"}
VERSION = "5.23.0"


def pretty(value):
    """JSON as transformers writes it."""
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode()


def compact(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def card(name, title, pipeline, *more):
    lines = ["---", "license: apache-2.0", "language:", "- en", *more, f"pipeline_tag: {pipeline}", "---", "", f"# {name}", "", title, ""]
    return "\n".join(lines).encode()


def weight_file(shapes, kind="f32"):
    """A weight file as save_pretrained writes it: names in order of bytes."""
    return safetensors({n: (DTYPES[kind], s, weights(n, s, kind)) for n, s in sorted(shapes.items())}, {"format": "pt"})


# ---------------------------------------------------------------------------------------------------------------- encoder-only

BERT_WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "b", "c", "##a", "##b", "##c", "."]


def bert_shapes(hidden=4, inner=8):
    shapes = {"embeddings.word_embeddings.weight": [len(BERT_WORDS), hidden], "embeddings.position_embeddings.weight": [8, hidden],
              "embeddings.token_type_embeddings.weight": [2, hidden]}

    def linear(name, rows, columns):
        shapes.update({f"{name}.weight": [rows, columns], f"{name}.bias": [rows]})

    def norm(name):
        shapes.update({f"{name}.LayerNorm.weight": [hidden], f"{name}.LayerNorm.bias": [hidden]})

    norm("embeddings")
    layer = "encoder.layer.0"
    for part in ("query", "key", "value"):
        linear(f"{layer}.attention.self.{part}", hidden, hidden)
    linear(f"{layer}.attention.output.dense", hidden, hidden)
    norm(f"{layer}.attention.output")
    linear(f"{layer}.intermediate.dense", inner, hidden)
    linear(f"{layer}.output.dense", hidden, inner)
    norm(f"{layer}.output")
    linear("pooler.dense", hidden, hidden)
    return shapes


def bert_config():
    return {"architectures": ["BertModel"], "attention_probs_dropout_prob": 0.1, "dtype": "float32", "hidden_act": "gelu", "hidden_dropout_prob": 0.1,
            "hidden_size": 4, "initializer_range": 0.02, "intermediate_size": 8, "layer_norm_eps": 1e-12, "max_position_embeddings": 8,
            "model_type": "bert", "num_attention_heads": 2, "num_hidden_layers": 1, "pad_token_id": 0, "tie_word_embeddings": True,
            "transformers_version": VERSION, "type_vocab_size": 2, "vocab_size": len(BERT_WORDS)}


def added(names):
    return [{"id": i, "content": n, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
            for i, n in enumerate(names)]


def bert_tokenizer():
    special = {"cls_token": "[CLS]", "mask_token": "[MASK]", "pad_token": "[PAD]", "sep_token": "[SEP]", "unk_token": "[UNK]"}
    return {
        "tokenizer.json": compact({
            "version": "1.0", "truncation": None, "padding": None, "added_tokens": added(BERT_WORDS[:5]), "normalizer": {"type": "BertNormalizer",
            "clean_text": True, "handle_chinese_chars": True, "strip_accents": None, "lowercase": True}, "pre_tokenizer": {"type": "BertPreTokenizer"},
            "post_processor": None, "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": True},
            "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100,
                      "vocab": {w: i for i, w in enumerate(BERT_WORDS)}}}),
        "tokenizer_config.json": pretty({"do_lower_case": True, "model_max_length": 8, "tokenizer_class": "BertTokenizer"} | special),
        "special_tokens_map.json": pretty(special), "vocab.txt": "".join(w + "\n" for w in BERT_WORDS).encode()}


def bert():
    """Encoder-only, one layer, with the position ids that older checkpoints hold as a buffer."""
    shapes = bert_shapes()
    tensors = {"embeddings.position_ids": ("I64", [1, 8], i64(range(8)))}
    tensors |= {n: ("F32", s, weights(n, s)) for n, s in sorted(shapes.items())}
    return {"config.json": pretty(bert_config()), "model.safetensors": safetensors(tensors, {"format": "pt"}),
            "README.md": card("hf-small", "An encoder-only transformer of one layer.", "feature-extraction")} | bert_tokenizer()


# ---------------------------------------------------------------------------------------------------------------- decoder-only

LLAMA_WORDS = ["<unk>", "<s>", "</s>", "▁", "a", "b", "c", "▁a", "▁b", "ab", "▁ab", "."]
LLAMA_MERGES = [["▁", "a"], ["▁", "b"], ["a", "b"], ["▁", "ab"]]


def llama_shapes(tied, hidden=4, inner=6):
    layer = "model.layers.0"
    shapes = {"model.embed_tokens.weight": [len(LLAMA_WORDS), hidden], "model.norm.weight": [hidden],
              f"{layer}.input_layernorm.weight": [hidden], f"{layer}.post_attention_layernorm.weight": [hidden],
              f"{layer}.self_attn.q_proj.weight": [hidden, hidden], f"{layer}.self_attn.k_proj.weight": [hidden // 2, hidden],
              f"{layer}.self_attn.v_proj.weight": [hidden // 2, hidden], f"{layer}.self_attn.o_proj.weight": [hidden, hidden],
              f"{layer}.mlp.gate_proj.weight": [inner, hidden], f"{layer}.mlp.up_proj.weight": [inner, hidden],
              f"{layer}.mlp.down_proj.weight": [hidden, inner]}
    return shapes if tied else shapes | {"lm_head.weight": [len(LLAMA_WORDS), hidden]}


def llama_config(tied, kind):
    return {"architectures": ["LlamaForCausalLM"], "attention_bias": False, "attention_dropout": 0.0, "bos_token_id": 1, "dtype": STATED[kind],
            "eos_token_id": 2, "head_dim": 2, "hidden_act": "silu", "hidden_size": 4, "initializer_range": 0.02, "intermediate_size": 6,
            "max_position_embeddings": 16, "mlp_bias": False, "model_type": "llama", "num_attention_heads": 2, "num_hidden_layers": 1,
            "num_key_value_heads": 1, "pretraining_tp": 1, "rms_norm_eps": 1e-06, "rope_parameters": {"rope_theta": 10000.0, "rope_type": "default"},
            "tie_word_embeddings": tied, "transformers_version": VERSION, "use_cache": True, "vocab_size": len(LLAMA_WORDS)}


def llama_tokenizer():
    special = {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>"}
    return {
        "tokenizer.json": compact({
            "version": "1.0", "truncation": None, "padding": None, "added_tokens": added(LLAMA_WORDS[:3]), "normalizer": None,
            "pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "first", "split": False}, "post_processor": None,
            "decoder": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "first", "split": False},
            "model": {"type": "BPE", "dropout": None, "unk_token": "<unk>", "fuse_unk": True, "byte_fallback": False,
                      "vocab": {w: i for i, w in enumerate(LLAMA_WORDS)}, "merges": LLAMA_MERGES}}),
        "tokenizer_config.json": pretty({"add_bos_token": True, "model_max_length": 16, "tokenizer_class": "LlamaTokenizer"} | special),
        "special_tokens_map.json": pretty(special)}


def llama_beside(name, title, tied, kind):
    return {"config.json": pretty(llama_config(tied, kind)), "README.md": card(name, title, "text-generation"),
            "generation_config.json": pretty({"_from_model_config": True, "bos_token_id": 1, "eos_token_id": 2, "transformers_version": VERSION})
            } | llama_tokenizer()


def decoder():
    """Decoder-only, one layer, in bf16, with one tensor for embedding and head."""
    return {"model.safetensors": weight_file(llama_shapes(True), "bf16")} | llama_beside(
        "hf-decoder", "A decoder-only transformer of one layer with a tied head.", True, "bf16")


def sharded():
    """Decoder-only, one layer, in f32, in two shards with an index."""
    shapes = llama_shapes(False)
    first = {n: s for n, s in shapes.items() if "embed" in n or "self_attn" in n}
    parts = {"model-00001-of-00002.safetensors": first, "model-00002-of-00002.safetensors": {n: s for n, s in shapes.items() if n not in first}}
    count = sum(map(math.prod, shapes.values()))
    index = {"metadata": {"total_parameters": count, "total_size": 4 * count},
             "weight_map": dict(sorted((n, file) for file, part in parts.items() for n in part))}
    return {file: weight_file(part) for file, part in parts.items()} | {"model.safetensors.index.json": pretty(index)} | llama_beside(
        "hf-sharded", "A decoder-only transformer of one layer in two shards.", False, "f32")


def adapter():
    """A LoRA adapter of rank 2 for the two projections of one layer of a model that is not there."""
    stem = "base_model.model.model.layers.0.self_attn"
    shapes = {f"{stem}.q_proj.lora_A.weight": [2, 4], f"{stem}.q_proj.lora_B.weight": [4, 2],
              f"{stem}.v_proj.lora_A.weight": [2, 4], f"{stem}.v_proj.lora_B.weight": [2, 2]}
    config = {"alpha_pattern": {}, "auto_mapping": None, "base_model_name_or_path": "example/hf-decoder", "bias": "none", "fan_in_fan_out": False,
              "inference_mode": True, "init_lora_weights": True, "lora_alpha": 4, "lora_dropout": 0.05, "modules_to_save": None, "peft_type": "LORA",
              "peft_version": "0.21.2", "r": 2, "rank_pattern": {}, "revision": None, "target_modules": ["q_proj", "v_proj"], "task_type": "CAUSAL_LM",
              "use_dora": False, "use_rslora": False}
    return {"adapter_config.json": pretty(config), "adapter_model.safetensors": weight_file(shapes),
            "README.md": card("hf-adapter", "A LoRA adapter.", "text-generation", "base_model: example/hf-decoder", "library_name: peft")}


# ---------------------------------------------------------------------------------------------------------------------- pickle

def pickled(shapes):
    """The opcodes of a dict of tensors as torch.save writes them: names, and calls that rebuild tensors from storages."""
    def text(value):
        data = value.encode()
        return b"X" + struct.pack("<I", len(data)) + data

    def numbers(values):
        return b"(" + b"".join(b"K" + bytes([v]) for v in values) + b"t"

    out = b"\x80\x02}("
    for i, (name, shape) in enumerate(shapes.items()):
        steps = [math.prod(shape[j + 1:]) for j in range(len(shape))]
        storage = b"(" + text("storage") + b"ctorch\nFloatStorage\n" + text(str(i)) + text("cpu") + b"K" + bytes([math.prod(shape)]) + b"tQ"
        out += text(name) + b"ctorch._utils\n_rebuild_tensor_v2\n(" + storage + b"K\x00" + numbers(shape) + numbers(steps)
        out += b"\x89ccollections\nOrderedDict\n)RtR"
    return out + b"u."


def pickle():
    """A checkpoint that is a pickle alone, a harmless one."""
    shapes = {"pooler.dense.weight": [4, 4], "pooler.dense.bias": [4]}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        def put(name, data):
            archive.writestr(zipfile.ZipInfo(f"pytorch_model/{name}"), data)  # dated 1980-01-01

        put("data.pkl", pickled(shapes))
        put("byteorder", b"little")
        for i, (name, shape) in enumerate(shapes.items()):
            put(f"data/{i}", weights(name, shape))
        put("version", b"3\n")
    beside = bert_tokenizer()
    return {"config.json": pretty(bert_config()), "pytorch_model.bin": packed.getvalue(), "tokenizer.json": beside["tokenizer.json"],
            "README.md": card("hf-pickle", "An encoder-only transformer whose weights are a pickle.", "feature-extraction")}


# -------------------------------------------------------------------------------------------------------------------- metadata

METADATA = """# What the format of the base {name} cannot hold.
name: {name}
version: 1.0.0
contributors:
  - name: gbt42382 contributors
    organisation: gbt42382
    role: author
pre-training:                  # as a model of this family states it; the weights here are made by arithmetic
  paradigm: self-supervised
  objective: {objective}
{count}"""


def make():
    """All of them: name of the base → name of the file → bytes; and the metadata that go with them."""
    bases = {"hf-small": bert(), "hf-decoder": decoder(), "hf-sharded": sharded(), "hf-adapter": adapter(), "hf-pickle": pickle()}
    encoder, tied, untied = (sum(map(math.prod, s.values())) for s in (bert_shapes(), llama_shapes(True), llama_shapes(False)))
    counts = {"hf-small": encoder, "hf-decoder": tied, "hf-sharded": untied, "hf-adapter": 28, "hf-pickle": 20}
    metadata = {}
    for name, count in counts.items():
        objective = "masked-language-modelling" if name in ("hf-small", "hf-pickle") else "causal-language-modelling"
        metadata[name] = METADATA.format(name=name, objective=objective, count=f"parameter-count: {count}\n")
    return bases, metadata
