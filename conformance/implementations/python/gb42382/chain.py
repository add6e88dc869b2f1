"""Undoes chains of stages (7.1, section 4): types forward through the whole chain, then elements backward."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple, NoReturn

from .bases import Bases
from .element_types import BITS
from .elements import Elements, Form
from .faults import MALFORMED, UNSUPPORTED, VIOLATION, FaultLog, Refused
from .model import Compressed, Model, Sparse, Stored, Tensor

MAXIMUM_STAGES = 16
MAXIMUM_NESTING = 4
EXPANSION, FREE_EXPANSION = 65_536, 1 << 20
LARGEST_TENSOR = 2 << 30
TERMINAL = ("low_rank", "reference", "adapter")
LAST = TERMINAL + ("entropy", "zstd")


class Context:
    """One stage of one tensor: its descriptor, the form that reaches it, and its side tensors."""

    def __init__(self, decoder: Decoder, method: str, members: dict[str, object], form: Form, path: str, nesting: int) -> None:
        self.decoder, self.method, self.members, self.form, self.path = decoder, method, members, form, path
        self.nesting = nesting
        self.before: Context | None = None
        self._read: dict[str, Elements] = {}

    def refuse(self, requirement: str, note: str, kind: str = MALFORMED, place: str = "") -> NoReturn:
        """Ends the decoding of the tensor with a fault at the stage."""
        raise self.decoder.log.refuse(requirement, kind, note, path=self.path + place)

    def number(self, name: str) -> int:
        """A number, or a truth value, of the descriptor; zero where it is absent."""
        value = self.members.get(name, 0)
        return value if isinstance(value, int) else 0

    def numbers(self, name: str) -> list[int]:
        """A list of numbers of the descriptor."""
        value = self.members.get(name, [])
        return [item for item in value if isinstance(item, int)] if isinstance(value, list) else []

    def tensor(self, name: str) -> Tensor | None:
        """A side tensor."""
        value = self.members.get(name)
        return value if isinstance(value, Tensor) else None

    def has(self, name: str) -> bool:
        """Whether a side tensor is there."""
        return self.tensor(name) is not None

    def unused(self, *names: str) -> None:
        """Tells of members that the stage does not use in its form (a should)."""
        for name in names:
            if self.members.get(name):
                self.decoder.log.add("P7.1-032", MALFORMED, f"{name} is not used", path=f"{self.path}.{name}")

    def accept(self, holds: bool, note: str = "") -> None:
        """The form that reaches the stage is one that it takes."""
        if not holds:
            self.refuse("P7.1-028", f"{self.method} does not take {describe(self.form)}{note}")

    def side(self, name: str, types: Iterable[str], dims: Iterable[int | None] | None, requirement: str = "P7.1-029") -> Form:
        """The form of a side tensor, which has one of these types and these dims (None: any)."""
        tensor = self.tensor(name)
        if tensor is None:
            self.refuse(requirement, f"there is no {name}", place="." + name)
        form = self.decoder.form(tensor, f"{self.path}.{name}", requirement)
        wanted = None if dims is None else tuple(dims)
        if form.element_type not in types or wanted is not None and (
                len(wanted) != len(form.dims) or any(size not in (None, held) for size, held in zip(wanted, form.dims))):
            self.refuse(requirement, f"{name} is {describe(form)}", place="." + name)
        return form

    def read(self, name: str) -> Elements:
        """The elements of a side tensor."""
        if name not in self._read:
            tensor = self.tensor(name)
            assert tensor is not None
            self._read[name] = self.decoder.elements(tensor, f"{self.path}.{name}", self.nesting + 1)
        return self._read[name]


#: What a stage leaves of a form; None after a terminal one. A dim None: what the payload has.
Forward = Callable[[Context], tuple[str, tuple[int | None, ...]] | None]
#: What the elements were before a stage.
Backward = Callable[[Context, Elements], Elements]


class StageRules(NamedTuple):
    """How types go through a stage, and how it is undone."""

    forward: Forward
    backward: Backward


def describe(form: Form) -> str:
    """Type and dims for people."""
    return f"{form.element_type} {list(form.dims)}"


class Decoder:
    """Decodes the tensors of one model; a fault ends the tensor and is told once."""

    def __init__(self, model: Model, log: FaultLog, bases: Bases) -> None:
        self.model, self.log, self.bases = model, log, bases

    def form(self, tensor: Tensor, path: str, requirement: str) -> Form:
        """The form of a tensor whose dims are all known."""
        if tensor.element_type not in BITS or tensor.dims is None or any(size < 0 for size in tensor.dims):
            raise self.log.refuse(requirement, MALFORMED, "no type with known dims", path=path)
        return Form(tensor.element_type, tuple(tensor.dims))

    def elements(self, tensor: Tensor, path: str, nesting: int = 0) -> Elements:
        """The elements of a tensor; Refused with a fault."""
        content = tensor.content
        if isinstance(content, Compressed):
            if nesting > MAXIMUM_NESTING:
                raise self.log.refuse("P7.1-026", UNSUPPORTED, f"chains nested more than {MAXIMUM_NESTING} deep", path=path)
            return self._chain(tensor, content, path, nesting)
        form = self.form(tensor, path, "P7.1-028")
        if isinstance(content, (Sparse, list)):
            raise self.log.refuse("P7.1-030" if path.endswith("payload") else "P7.1-029", MALFORMED,
                                  "sparse content or strings", path=path)
        length = content.length if isinstance(content, Stored) else len(content) if content is not None else -1
        if length < 0 and not form.count:
            return Elements.of(form, b"")
        if length < 0:
            raise self.log.refuse("P6.1-114", VIOLATION, "no content", path=path)
        if length != form.bytes:
            raise self.log.refuse("P6.1-118", VIOLATION, f"{length} bytes, {form.bytes} are needed", path=path)
        data = self.model.tensor_bytes(tensor, self.log, path)
        if data is None:
            raise Refused(path)
        return Elements.of(form, data)

    def stored_bytes(self, tensor: Tensor) -> int:
        """Bytes as stored of all that a tensor is decoded from, its bases as they are after decoding."""
        content = tensor.content
        if isinstance(content, Stored):
            return content.length
        if isinstance(content, bytes):
            return len(content)
        if not isinstance(content, Compressed):
            return 0
        total = sum(self.stored_bytes(part) for _, part in content.parts())
        return total + sum(self.bases.size(stage) for stage in content.stages)

    def _chain(self, tensor: Tensor, content: Compressed, path: str, nesting: int) -> Elements:
        if not content.stages:
            raise self.log.refuse("P7.1-023", MALFORMED, "no stages", path=path)
        if len(content.stages) > MAXIMUM_STAGES:
            raise self.log.refuse("P7.1-025", UNSUPPORTED, f"{len(content.stages)} stages", path=path)
        whole = self.form(tensor, path, "P7.1-028")
        contexts, left = self._forward(whole, content, path, nesting)
        payload = content.payload
        if left is None:
            if payload is not None:
                raise self.log.refuse("P7.1-030", MALFORMED, "a payload behind a terminal stage", path=path + ".payload")
        else:
            self._check_payload(payload, left, path + ".payload")
        stored = self.stored_bytes(tensor)
        if whole.bytes > EXPANSION * stored + FREE_EXPANSION or whole.bytes > LARGEST_TENSOR:
            raise self.log.refuse("P7.1-027", UNSUPPORTED, f"{stored} bytes become {whole.bytes}", path=path)
        held = (Elements.zeros(Form("u8", (0,))) if payload is None
                else self.elements(payload, path + ".payload", nesting + 1))
        if content.stages[-1].method in ("entropy", "zstd") and payload is not None and not payload.digested:
            self.log.add("P7.3-045", MALFORMED, "no digest of the payload", path=path + ".payload")
        for context in reversed(contexts):
            held = rules(context.method).backward(context, held)
        return held

    def _forward(self, form: Form, content: Compressed, path: str, nesting: int) -> tuple[
            list[Context], tuple[str, tuple[int | None, ...]] | None]:
        """The stages with the forms that reach them, and the form of the payload."""
        contexts: list[Context] = []
        left: tuple[str, tuple[int | None, ...]] | None = None
        for index, stage in enumerate(content.stages):
            place = f"{path}.stages[{index}]"
            if stage.method is None:
                raise self.log.refuse("P7.1-024", UNSUPPORTED, "an unknown stage", path=place)
            if stage.method in LAST and index + 1 < len(content.stages):
                raise self.log.refuse("P7.1-031", MALFORMED, f"a stage behind {stage.method}", path=place)
            context = Context(self, stage.method, stage.members, form, place, nesting)
            context.before = contexts[-1] if contexts else None
            contexts.append(context)
            left = rules(stage.method).forward(context)
            if left is not None and None not in left[1]:
                form = Form(left[0], tuple(size for size in left[1] if size is not None))
        return contexts, left

    def _check_payload(self, payload: Tensor | None, left: tuple[str, tuple[int | None, ...]], path: str) -> None:
        if payload is None:
            raise self.log.refuse("P7.1-030", MALFORMED, "there is no payload", path=path)
        form = self.form(payload, path, "P7.1-030")
        if (form.element_type != left[0] or len(form.dims) != len(left[1])
                or any(wanted not in (None, size) for wanted, size in zip(left[1], form.dims))):
            raise self.log.refuse("P7.1-030", MALFORMED, f"the payload is {describe(form)}, not {left[0]} {list(left[1])}", path=path)


def rules(method: str) -> StageRules:
    """The rules of a stage."""
    from .stages import STAGES  # the stages need the names above
    return STAGES[method]


def attach(model: Model) -> None:
    """Lets a model undo its chains."""
    bases = Bases(model)
    names = {id(variable.tensor): variable.name for variable in model.variables}

    def undo(tensor: Tensor, path: str, log: FaultLog) -> bytes | None:
        name = names.get(id(tensor))
        decoder = Decoder(model, log, bases)
        try:
            elements = bases.own(decoder, name, path) if name is not None else decoder.elements(tensor, path)
        except Refused:
            return None
        return elements.bytes()

    model.undo = undo
