"""Reads the weights of a Hugging Face directory (mapping of a Hugging Face directory): which files, the index, the shards."""

from __future__ import annotations

import os
import re

from . import strict_json
from .faults import MALFORMED, UNSAFE, UNSUPPORTED, FaultLog
from .files import Tree, is_safe
from .model import Model, Variable
from .safetensors_sample import read_file, variables
from .strict_json import Pairs, plain

STEMS = ("model", "diffusion_pytorch_model", "pytorch_model", "adapter_model")
MAXIMUM_JSON = 256 << 20
_SHARD = re.compile(r"(.*)-([0-9]{5,})-of-([0-9]{5,})(\.[A-Za-z0-9_]+)?\.safetensors\Z")
_INDEX = re.compile(r"\.safetensors\.index(\.[A-Za-z0-9_]+)?\.json\Z")
_LEFT_OUT = (".git/", ".cache/", "__pycache__/")
_OTHER_WEIGHTS = (".gguf", ".h5", ".msgpack", ".onnx", ".npz", ".ot", ".tflite")
SUPPORTING = frozenset(
    "tokenizer tokenizer_config special_tokens_map added_tokens vocab normalizer tekken chat_template generation_config "
    "preprocessor_config processor_config video_preprocessor_config image_processor_config feature_extractor_config modules "
    "config_sentence_transformers sentence_bert_config".split())


def read(tree: Tree, listing: list[str], log: FaultLog) -> Model | None:
    """The model of a directory."""
    names = [name for name in listing if not any(part in "/" + name for part in ("/" + left for left in _LEFT_OUT))]
    tree.check_distinct(names)
    here = [name for name in names if "/" not in name]
    for name in ("config.json", "adapter_config.json", "README.md"):
        if name not in here and os.path.lexists(os.path.join(tree.root, name)):
            tree.find(name)
    if not {"config.json", "adapter_config.json"} & set(here):
        if "model_index.json" in here:
            log.add("HF-001", UNSUPPORTED, "a pipeline of diffusers is not read")
            return None
        if not log.has("P6.1-005", "P6.1-006", "P6.1-007"):
            log.add("HF-001", MALFORMED, "there is no configuration")
    adapter = "config.json" not in here and "adapter_config.json" in here
    for name in ("config.json", "adapter_config.json"):
        if name in here:
            _read_configuration(tree, name, adapter, log)
    for name in here:
        if name.endswith(".json") and name[:-5] in SUPPORTING:
            _read_json(tree, name, log, "HF-023")
    model = Model("huggingface", tree)
    _read_weights(model, tree, here, names, adapter, log)
    return model


def _read_json(tree: Tree, name: str, log: FaultLog, requirement: str) -> object:
    """The value of a JSON file, None with a fault where it is none. NaN and Infinity pass, as Python writes them."""
    size = tree.size(name) or 0
    if size > MAXIMUM_JSON:
        log.add(requirement, UNSUPPORTED, f"{size} bytes", file=name)
        return None
    data = tree.read(name, 0, size)
    if data is None:
        return None
    try:
        return strict_json.parse(data, 64, constants=True)
    except strict_json.TooDeep:
        log.add(requirement, UNSUPPORTED, "nested too deep", file=name)
    except strict_json.JSONBroken as broken:
        log.add(requirement, MALFORMED, str(broken), file=name, offset=broken.offset)
    return None


def _read_configuration(tree: Tree, name: str, adapter: bool, log: FaultLog) -> None:
    value = _read_json(tree, name, log, "HF-002")
    if value is None:
        return
    if not isinstance(value, Pairs):
        log.add("HF-002", MALFORMED, "no object", file=name)
        return
    if strict_json.repeated_name(value) is not None:
        log.add("HF-003", MALFORMED, f"{strict_json.repeated_name(value)} stands twice", file=name)
    if name == "adapter_config.json" and adapter:
        base = plain(value.first().get("base_model_name_or_path"))
        if not isinstance(base, str) or not base.strip():
            log.add("HF-028", MALFORMED, "the adapter names no base", file=name)
        log.add("HF-029", UNSUPPORTED, "the base of the adapter is no part of the sample", file=name)


def _read_weights(model: Model, tree: Tree, here: list[str], names: list[str], adapter: bool, log: FaultLog) -> None:
    """The first layout that is there: one file, an index with shards, shards without an index, any other file."""
    stems = tuple(reversed(STEMS)) if adapter else STEMS
    weights = [name for name in here if name.endswith(".safetensors")]
    indices = [name for name in here if _INDEX.search(name)]
    chosen: list[str] = []
    for stem in stems:
        index = f"{stem}.safetensors.index.json"
        shards = [name for name in weights if (match := _SHARD.match(name)) and match.group(1) == stem]
        if f"{stem}.safetensors" in weights:
            chosen = [f"{stem}.safetensors"]
            if index in indices:
                log.add("HF-011", MALFORMED, "an index beside a single file", file=index)
        elif index in indices:
            _read_index(model, tree, index, log)
            return
        elif shards:
            log.add("HF-012", MALFORMED, "shards without an index", file=shards[0])
            chosen = shards
        if chosen:
            break
    if not chosen and indices:
        _read_index(model, tree, indices[0], log)
        return
    if not chosen:
        chosen = weights[:1]
        if chosen and (match := _SHARD.match(chosen[0])):
            log.add("HF-012", MALFORMED, "shards without an index", file=chosen[0])
            chosen = [name for name in weights if (other := _SHARD.match(name)) and other.group(1, 4) == match.group(1, 4)]
    if not chosen:
        _tell_missing(tree, here, names, log)
    for name in chosen:
        header = read_file(tree, name, log)
        if header is not None:
            model.variables += variables(header, name)
    for name in weights:
        if name not in chosen:
            read_file(tree, name, log)
    _check_names(model, log)


def _tell_missing(tree: Tree, here: list[str], names: list[str], log: FaultLog) -> None:
    pickles = [name for name in here if is_pickle(tree, name)]
    if pickles:
        log.add("HF-009", UNSAFE, "weights as a pickle only", file=pickles[0])
    elif any(name.endswith(_OTHER_WEIGHTS) for name in names):
        log.add("HF-008", UNSUPPORTED, "weights in another format only")
    else:
        log.add("HF-008", MALFORMED, "there are no weights")


def is_pickle(tree: Tree, name: str) -> bool:
    """Whether a file is a pickle, or an archive with one, by its content; nothing is executed."""
    if not name.endswith((".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle", ".weights")):
        return False
    size = tree.size(name) or 0
    head = tree.read(name, 0, min(size, 4096)) or b""
    return head[:1] == b"\x80" and head[1:2] in b"\x02\x03\x04\x05" or head.startswith(b"PK\x03\x04")


def _read_index(model: Model, tree: Tree, name: str, log: FaultLog) -> None:
    value = _read_json(tree, name, log, "HF-013")
    if value is None:
        return
    top = value.first() if isinstance(value, Pairs) else {}
    table = top.get("weight_map")
    metadata = top.get("metadata")
    named = isinstance(table, Pairs) and all(type(shard) is str for _, shard in table)
    repeated = isinstance(value, Pairs) and value.repeated in ("weight_map", "metadata")
    repeated = repeated or isinstance(metadata, Pairs) and metadata.repeated is not None
    if not named or repeated:
        log.add("HF-013", MALFORMED, "no weight_map of texts, or a name twice", file=name)
    if not isinstance(table, Pairs):
        return
    if table.repeated is not None:
        log.add("HF-014", MALFORMED, f"{table.repeated} stands twice", file=name)
    places = {tensor: shard for tensor, shard in table.first().items() if type(shard) is str}
    twice = {tensor for tensor, _ in table if [other for other, _ in table].count(tensor) > 1} if table.repeated else set()
    found: dict[str, list[Variable]] = {}
    for shard in dict.fromkeys(places.values()):
        if not is_safe(shard):
            tree.find(shard)
            continue
        header = read_file(tree, shard, log)
        if header is None:
            continue
        found[shard] = variables(header, shard)
        model.variables += found[shard]
        if header.complete:
            held = {variable.name for variable in found[shard]}
            for tensor, where in places.items():
                if where == shard and tensor not in held and tensor not in twice:
                    log.add("HF-017", MALFORMED, f"{tensor} is not in {shard}", file=name)
            if held - set(places):
                log.add("HF-018", MALFORMED, "tensors that the index does not name", file=shard)
    _check_names(model, log)


def _check_names(model: Model, log: FaultLog) -> None:
    seen: set[str] = set()
    for variable in model.variables:
        if variable.name in seen:
            log.add("P6.1-106", "violation", f"{variable.name} stands in two files")
        seen.add(variable.name)
