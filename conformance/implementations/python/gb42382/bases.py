"""What references, deltas and adapters refer to (7.2 section 6, 7.4 section 1), and the content digest (7.1 section 5)."""

from __future__ import annotations

import hashlib
import re
import struct
from typing import TYPE_CHECKING

from .elements import Elements, Form
from .faults import UNSUPPORTED, FaultLog, Refused
from .model import Base, Compressed, Model, Sparse, Stage, Tensor, Variable
from .native_schema import ELEMENT_TYPES

if TYPE_CHECKING:
    from .chain import Context, Decoder

MAXIMUM_DEPTH = 16
_DIGEST = re.compile("[0-9a-f]{64}")


class Bases:
    """The tensors of one model that others are derived from, decoded once, and other models that are at hand."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._variables = {variable.name: variable for variable in reversed(model.variables)}
        self._decoded: dict[str, Elements | None] = {}
        self._active: list[str] = []
        self._depth: dict[str, int] = {}
        self._others: dict[str, Model] | None = None

    # MARK: this model

    def own(self, decoder: Decoder, name: str, path: str) -> Elements:
        """The elements of a variable of this model; Refused where it cannot be decoded, which is told once."""
        if name in self._decoded:
            held = self._decoded[name]
            if held is None:
                raise Refused(name)
            return held
        self._active.append(name)
        self._decoded[name] = None
        try:
            elements = decoder.elements(self._variables[name].tensor, path)
        finally:
            self._active.pop()
        self._decoded[name] = elements
        return elements

    def _length(self, name: str) -> int | None:
        """How many times a variable is derived, one after the other; None where that never ends."""
        state: dict[str, int | None] = {}
        pending = [name]
        while pending:
            current = pending[-1]
            nearest = [base.variable for base in self._bases_of(current) if base.model is None and base.variable in self._variables]
            unknown = [base for base in nearest if base not in state]
            if current not in state:
                state[current] = None  # on the way
            for base in unknown[:1]:
                pending.append(base)
            if unknown:
                continue
            if any(state[base] is None for base in nearest):
                return None
            pending.pop()
            state[current] = 1 + max((held for held in (state[base] for base in nearest) if held is not None), default=-1)
            if self._bases_of(current) and not nearest:
                state[current] = 1
        return state[name]

    def _bases_of(self, name: str) -> list[Base]:
        found: list[Base] = []
        pending = [self._variables[name].tensor]
        while pending:
            content = pending.pop().content
            if isinstance(content, Compressed):
                found += [base for stage in content.stages if isinstance(base := stage.members.get("base"), Base)]
                pending += [part for _, part in content.parts()]
        return found

    # MARK: what a stage refers to

    def size(self, stage: Stage) -> int:
        """Bytes of the base of a stage after decoding, 0 where there is none."""
        base = stage.members.get("base")
        if not isinstance(base, Base):
            return 0
        model = self._find(base)
        variable = None if model is None else find(model, base.variable)
        if variable is None or variable.tensor.element_type in (None, "string") or variable.tensor.count is None:
            return 0
        return Form(str(variable.tensor.element_type), tuple(variable.tensor.dims or ())).bytes

    def tensor(self, context: Context) -> tuple[Model, Variable, Form]:
        """The variable that a stage refers to, with its form, once all that can be said without decoding holds."""
        base = context.members["base"]
        assert isinstance(base, Base)
        for digest in (base.digest, base.model):
            if digest is not None and (digest[0] != "sha256" or not _DIGEST.fullmatch(digest[1])):
                context.refuse("P7.4-029", "no SHA-256 in 64 lower-case digits", place=".base")
        model = self._find(base)
        if model is None:
            context.refuse("P7.4-001", "the base model is not at hand", UNSUPPORTED)
        variable = find(model, base.variable)
        if variable is None:
            context.refuse("P7.4-002", f"there is no variable {base.variable}")
        if model is self._model:
            length = self._length(base.variable)
            if length is None:
                context.refuse("P7.2-032", "the reference comes back to itself")
            if length + 1 > MAXIMUM_DEPTH:
                context.refuse("P7.2-033", f"{length + 1} references in a row", UNSUPPORTED)
        return model, variable, context.decoder.form(variable.tensor, context.path, "P7.4-004")

    def elements(self, context: Context) -> Elements:
        """The elements of the base of a stage; its digest is compared before anything is done with them."""
        base = context.members["base"]
        assert isinstance(base, Base)
        model, variable, _ = self.tensor(context)
        if model is self._model:
            elements = self.own(context.decoder, variable.name, f'parameters["{variable.name}"]')
        else:
            aside = FaultLog()
            data = model.tensor_bytes(variable.tensor, aside, variable.name)
            if data is None:
                context.refuse("P7.4-001", "the base cannot be decoded", UNSUPPORTED)
            elements = Elements.of(Form(str(variable.tensor.element_type), tuple(variable.tensor.dims or ())), data)
        if hashlib.sha256(elements.bytes()).hexdigest() != base.digest[1]:
            context.refuse("P7.4-003", "the base has another digest")
        return elements

    def _find(self, base: Base) -> Model | None:
        if base.model is None:
            return self._model
        if self._others is None:
            self._others = {}
            for model in self._model.neighbours() if self._model.neighbours is not None else ():
                digest = content_digest(model)
                if digest is not None:
                    self._others.setdefault(digest, model)
        return self._others.get(base.model[1])


def find(model: Model, name: str) -> Variable | None:
    """A variable of the list `parameters`; a tied one is the one that it is tied to."""
    names = {variable.name: variable for variable in reversed(model.variables)}
    for _ in range(len(names) + 1):
        variable = names.get(name)
        if variable is None or variable.tied_to is None or variable.tensor.content is not None:
            return variable
        name = variable.tied_to
    return None


def content_digest(model: Model) -> str | None:
    """The content digest of a model, None where it cannot be decoded."""
    variables = {variable.name: variable for variable in model.main}
    variables.update((variable.name, variable) for variable in model.variables)
    log = FaultLog()
    whole = hashlib.sha256(b"GB42382-CONTENT 1\n")
    for name in sorted(variables, key=lambda item: item.encode("utf-8", "surrogatepass")):
        tensor = variables[name].tensor
        if variables[name].tied_to is not None:
            continue
        data = _bytes(model, tensor, log)
        if data is None or tensor.dims is None or tensor.element_type is None:
            return None
        encoded = name.encode("utf-8", "surrogatepass")
        whole.update(struct.pack("<I", len(encoded)) + encoded)
        whole.update(struct.pack("<II", ELEMENT_TYPES.index(tensor.element_type) + 1, len(tensor.dims)))
        whole.update(struct.pack(f"<{len(tensor.dims)}Q", *tensor.dims) + hashlib.sha256(data).digest())
    return whole.hexdigest()


def _bytes(model: Model, tensor: Tensor, log: FaultLog) -> bytes | None:
    if isinstance(tensor.content, Sparse):
        return None  # the profile does not say what is digested
    return model.tensor_bytes(tensor, log, "")
