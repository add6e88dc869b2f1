"""Reads a sample of any format that is known here: recognition by content, then the reader of the format."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass

from . import huggingface, native_sample, onnx_reader, safetensors_sample
from .faults import MALFORMED, SYSTEM, UNSUPPORTED, Fault, FaultLog
from .files import Tree
from .model import Model
from .native_binary import MAGIC
from .native_json import names_itself

_HUGGING_FACE = frozenset({"config.json", "adapter_config.json", "model_index.json", "tokenizer.json", "tokenizer_config.json",
                           "pytorch_model.bin"})
FORMATS = ("native", "native-json", "safetensors", "huggingface", "onnx")


@dataclass
class Reading:
    """The outcome: the format, the model as far as it could be read, and all faults."""

    format: str | None
    model: Model | None
    log: FaultLog
    decoded: dict[str, object] | None = None

    @property
    def verdict(self) -> str:
        """accept, reject, unsupported or error."""
        return self.log.verdict

    @property
    def faults(self) -> list[Fault]:
        """What is wrong."""
        return self.log.faults


def read(path: str, format_name: str | None = None, decode: bool = True, base: str | None = None,
         around: frozenset[str] = frozenset()) -> Reading:
    """Reads a file or directory; never raises for what it holds. A base is a model that chains may refer to, as are those
    beside the sample; `around` are the models that are looked through already."""
    log = FaultLog()
    try:
        mode = os.stat(path).st_mode
        directory = stat.S_ISDIR(mode)
        if not directory and not stat.S_ISREG(mode):
            log.add("P6.1-007", SYSTEM, "neither a file nor a directory")
            return Reading(None, None, log)
        if directory and format_name not in (None, "huggingface"):
            log.add("P6.1-007", MALFORMED, "a directory in place of a file")
            return Reading(format_name, None, log)
        tree = Tree(path if directory else os.path.dirname(os.path.abspath(path)), log)
        recognised, model = (_read_directory(tree, log) if directory
                             else _read_file(tree, os.path.basename(path), format_name, log))
        reading = Reading(recognised, model, log)
        if model is not None:
            model.neighbours = lambda: neighbours(path, base, around | {os.path.realpath(path)})
        if model is not None and decode and log.verdict == "accept":
            reading.decoded = model.decoded(log)
        return reading
    except OSError as error:
        log.add("P6.1-002", SYSTEM, str(error))
        return Reading(None, None, log)


def neighbours(path: str, base: str | None, around: frozenset[str]) -> Iterator[Model]:
    """The models that are at hand for chains of a sample: the base that was given, and those beside it."""
    folder = path if os.path.isdir(path) else os.path.dirname(os.path.abspath(path))
    beside = sorted(os.path.join(folder, name) for name in os.listdir(folder))
    for place in ([base] if base is not None else []) + beside:
        if os.path.realpath(place) in around or place != base and not (os.path.isfile(place) and recognise(place)):
            continue
        reading = read(place, decode=False, around=around)
        if reading.model is not None and reading.log.verdict == "accept":
            yield reading.model


def _read_directory(tree: Tree, log: FaultLog) -> tuple[str | None, Model | None]:
    """A directory is one of Hugging Face, or stands for the one model file directly in it."""
    names = tree.listing()
    here = [name for name in names if "/" not in name]
    if not _of_hugging_face(tree):
        models = [name for name in here if recognise(os.path.join(tree.root, name)) or _other_model(os.path.join(tree.root, name))]
        tree.check_distinct(names)
        if len(models) == 1:
            return _read_file(tree, models[0], None, log)
        if not any(name.endswith((".safetensors", ".index.json")) for name in here):
            log.add("P6.1-001", UNSUPPORTED, "no directory of a model that is known here")
            return None, None
    return "huggingface", huggingface.read(tree, names, log)


def _of_hugging_face(tree: Tree) -> bool:
    """Whether a name directly in the root, of whatever kind of file, speaks for such a directory."""
    return any(name in _HUGGING_FACE or name.endswith(".index.json") for name in os.listdir(tree.root))


def _other_model(place: str) -> bool:
    """Whether a file is a model of a format that is recognised and not read: it takes away the choice."""
    return _prefix(place).startswith(b"GGUF")


def _read_file(tree: Tree, name: str, format_name: str | None, log: FaultLog) -> tuple[str | None, Model | None]:
    place = tree.find(name)
    if place is None:
        return None, None
    recognised = format_name or recognise(place)
    if recognised in ("native", "native-json"):
        json_form = recognised == "native-json" or names_itself(_prefix(place))
        return recognised, native_sample.read(tree, name, log, json_form)
    if recognised == "safetensors":
        return recognised, safetensors_sample.read(tree, name, log)
    if recognised == "onnx":
        return recognised, onnx_reader.read(tree, name, log)
    log.add("P6.1-001", UNSUPPORTED, "the format is not known here")
    return recognised, None


def _prefix(place: str) -> bytes:
    with open(place, "rb") as file:
        return file.read(4096)


def recognise(place: str) -> str | None:
    """The format of a file by its content."""
    prefix = _prefix(place)
    if prefix.startswith(MAGIC):
        return "native"
    if names_itself(prefix):
        return "native-json"
    if prefix.startswith(b"GGUF"):
        return None
    onnx = onnx_reader.recognise(place)
    if prefix[8:9] == b"{" and not (onnx and int.from_bytes(prefix[:8], "little") >= 1 << 40):
        return "safetensors"
    return "onnx" if onnx else None
