"""The messages of the native form as tables: `conformance/schema/representation.proto` and section 4 of its chapter."""

from __future__ import annotations

from dataclasses import dataclass, field as attribute

ELEMENT_TYPES = (
    "f64 f32 f16 bf16 f8e4m3fn f8e4m3fnuz f8e5m2 f8e5m2fnuz f8e8m0 f6e2m3 f6e3m2 f4e2m1 i64 i32 i16 i8 i4 i2 "
    "u64 u32 u16 u8 u4 u2 bool string complex64 complex128").split()

#: Names of enumerated values, by number, as the JSON form spells them.
ENUMERATIONS: dict[str, list[str]] = {
    "ElementType": ["ELEMENT_TYPE_UNSPECIFIED"] + ["ELEMENT_TYPE_" + name.upper() for name in ELEMENT_TYPES],
    "VariableKind": ["VARIABLE_KIND_" + name for name in ("UNSPECIFIED", "PARAMETER", "CONSTANT", "BUFFER")],
    "SparseKind": ["SPARSE_KIND_" + name for name in ("UNSPECIFIED", "BITMAP", "ROWS", "N_M", "BLOCK")],
    "EntropyMode": ["ENTROPY_MODE_" + name for name in ("UNSPECIFIED", "LEVELS", "SYMBOLS")],
    "DeltaMode": ["DELTA_MODE_" + name for name in ("UNSPECIFIED", "ADD", "CODE")],
    "AdapterKind": ["ADAPTER_KIND_" + name for name in ("UNSPECIFIED", "LORA", "DORA", "LOHA", "LOKR", "IA3")],
}

#: Wire types: 0 variable-length integer, 1 eight bytes, 2 with a length, 5 four bytes.
WIRE_TYPES = {"uint32": 0, "uint64": 0, "sint64": 0, "bool": 0, "enum": 0, "double": 1, "string": 2, "bytes": 2,
              "message": 2, "float": 5}

# A line is one field: number, name, type and what presence means: z without presence, o with presence, l list; with !
# where it is required. A word behind @ is the oneof that it belongs to; one behind + the minor version that brought the
# field. Types with a capital are messages, with # enumerations.
_TEXT = """
Model
 1 format string z!
 2 major uint32 z!
 3 minor uint32 z
 4 profile string o
 5 name string o
 6 version string o
 7 identifier string o
 8 producer Producer o
 9 documentation string o
 10 licence string o
 11 contributors Contributor l
 12 architecture Architecture o
 13 modalities string l
 14 pre_training PreTraining o
 15 parameter_count uint64 o
 16 assets Asset l
 17 operator_sets OperatorSet l
 18 graphs Graph l
 19 blocks Block l
 20 parameters Variable l
 21 partitions Partition l
 22 compression_statement string o
 23 properties Property l
 24 extensions Extension l
 25 files ParameterFile l
 63 complete bool z!
Producer
 1 name string z
 2 version string o
Contributor
 1 name string o
 2 organisation string o
 3 email string o
 4 role string o
Architecture
 1 kind string o
 2 family string o
 3 hyper_parameters HyperParameter l
HyperParameter
 1 name string z
 2 integer sint64 o! @value
 3 float double o! @value
 4 text string o! @value
 5 boolean bool o! @value
PreTraining
 1 paradigm string o
 2 objective string o
 3 data_volume uint64 o
 4 data_unit string o
 5 precision string o
Asset
 1 kind string z
 2 path string z
 3 size uint64 o
 4 digest Digest o
Digest
 1 algorithm string z
 2 value string z
OperatorSet
 1 domain string z
 2 version sint64 z
Graph
 1 name string o
 2 documentation string o
 3 inputs Value l
 4 outputs Value l
 5 nodes OperatorNode l
 6 variables Variable l
 7 value_types Value l
Value
 1 name string z
 2 type Type o
OperatorNode
 1 name string z
 2 operator_type string z
 3 domain string z
 4 overload string z
 5 inputs string l
 6 outputs string l
 7 attributes Attribute l
Attribute
 1 name string z
 2 integer sint64 o @value
 3 float float o @value
 4 text bytes o @value
 5 tensor Tensor o @value
 6 graph Graph o @value
 7 type Type o @value
 8 integers Integers o @value
 9 floats Floats o @value
 10 texts Texts o @value
 11 tensors Tensors o @value
 12 graphs Graphs o @value
 13 types Types o @value
 14 reference string o @value
Integers
 1 values sint64 l
Floats
 1 values float l
Texts
 1 values bytes l
Tensors
 1 values Tensor l
Graphs
 1 values Graph l
Types
 1 values Type l
Variable
 1 name string z
 2 kind #VariableKind z
 3 trainable bool o
 4 tied_to string o
 5 tensor Tensor o!
Block
 1 name string z
 2 domain string z
 3 overload string z
 4 repetitions uint64 o!
 5 required_attributes string l
 6 default_attributes Attribute l
 7 operator_sets OperatorSet l
 8 body Graph o!
Partition
 1 variable string z
 2 axis sint64 o
 3 index uint64 o
 4 count uint64 o
 5 pipeline_stage uint64 o
 6 expert uint64 o
 7 piece string o
Type
 1 tensor TensorType o! @kind
 2 sparse_tensor TensorType o! @kind
 3 sequence ElementsOf o! @kind
 4 optional ElementsOf o! @kind
 5 map MapType o! @kind
ElementsOf
 1 element Type o
MapType
 1 key #ElementType z!
 2 value Type o
TensorType
 1 element_type #ElementType z
 2 shape Shape o
Shape
 1 sizes sint64 l
 2 dims Dimension l
Dimension
 1 fixed sint64 o @size
 2 symbolic string o @size
Tensor
 1 type TensorType o!
 2 stored ByteRange o @content
 3 inline bytes o @content
 4 strings Texts o @content
 5 sparse SparseContent o @content
 6 digest Digest o
 7 compression_chain string o
 8 compressed CompressedContent o @content +1
SparseContent
 1 values Tensor o!
 2 indices Tensor o!
ByteRange
 1 file uint32 z
 2 offset uint64 z
 3 length uint64 z
Property
 1 key string z
 2 value string z
Extension
 1 name string z
 2 critical bool z
 3 content bytes z
ParameterFile
 1 path string z
 2 size uint64 z
 3 digest Digest o
 4 payload Region o
Region
 1 offset uint64 z
 2 length uint64 z
CompressedContent
 1 stages Stage l
 2 payload Tensor o
Stage
 1 permute PermuteStage o! @method
 2 parts PartsStage o! @method
 3 codes CodesStage o! @method
 4 planes PlanesStage o! @method
 5 pack PackStage o! @method
 6 trits TritsStage o! @method
 7 reshape ReshapeStage o! @method
 10 sparse SparseStage o! @method
 11 outliers OutliersStage o! @method
 12 low_rank LowRankStage o! @method
 13 circulant CirculantStage o! @method
 14 reference ReferenceStage o! @method
 20 uniform UniformStage o! @method
 21 codebook CodebookStage o! @method
 22 scaled_float ScaledFloatStage o! @method
 23 sign SignStage o! @method
 30 entropy EntropyStage o! @method
 31 zstd ZstdStage o! @method
 40 delta DeltaStage o! @method
 41 adapter AdapterStage o! @method
PermuteStage
 1 axes sint64 l
ReshapeStage
 1 sizes sint64 l
PartsStage
CodesStage
PlanesStage
PackStage
 1 width uint32 z
TritsStage
SparseStage
 1 kind #SparseKind z
 2 pattern Tensor o!
 3 columns Tensor o
 4 n uint32 z
 5 m uint32 z
 6 block sint64 l
OutliersStage
 1 positions Tensor o!
 2 values Tensor o!
LowRankStage
 1 split uint32 z
 2 left Tensor o!
 3 right Tensor o!
CirculantStage
 1 block uint64 z
BaseTensor
 1 model Digest o
 2 variable string z!
 3 digest Digest o!
ReferenceStage
 1 base BaseTensor o!
 2 axes sint64 l
 3 starts sint64 l
UniformStage
 1 bits uint32 z
 2 signed bool z
 3 grid sint64 l
 4 scale Tensor o!
 5 zero_point Tensor o
 6 offset Tensor o
 7 group_axis uint32 z
 8 group_index Tensor o
 9 states uint32 z
 10 restart uint64 z
CodebookStage
 1 grid sint64 l
 2 codebook Tensor o!
 3 scale_grid sint64 l
 4 scale Tensor o
 5 offset Tensor o
ScaledFloatStage
 1 element_type #ElementType z!
 2 grid sint64 l
 3 scale Tensor o
SignStage
 1 ternary bool z
 2 grid sint64 l
 3 scale Tensor o!
 4 offset Tensor o
EntropyStage
 1 mode #EntropyMode z
 2 run uint64 z
 3 states uint32 z
ZstdStage
DeltaStage
 1 mode #DeltaMode z
 2 base BaseTensor o!
AdapterStage
 1 kind #AdapterKind z
 2 base BaseTensor o!
 3 factors Tensor l
 4 alpha double o
 5 rank uint64 z
 6 rank_stabilised bool z
 7 transposed bool z
 8 magnitude Tensor o
 9 axis uint32 z
"""

#: The minor version that the tables have.
MINOR = 1


@dataclass(frozen=True)
class Field:
    """One field of a message."""

    number: int
    name: str
    kind: str  # a key of WIRE_TYPES
    target: str  # the message or enumeration, where it is one
    presence: str  # z, o, l
    required: bool
    oneof: str | None
    since: int = 0  # the minor version that brought it

    @property
    def wire_type(self) -> int:
        """The wire type of one value."""
        return WIRE_TYPES[self.kind]

    @property
    def packed(self) -> bool:
        """Whether it is a list of numbers."""
        return self.presence == "l" and self.wire_type != 2

    @property
    def json_name(self) -> str:
        """The name in lower camel case."""
        first, *rest = self.name.split("_")
        return first + "".join(word.capitalize() for word in rest)


@dataclass(frozen=True)
class Message:
    """A type of message."""

    name: str
    fields: dict[int, Field] = attribute(hash=False)
    names: dict[str, Field] = attribute(hash=False)  # in both spellings

    @property
    def oneofs(self) -> dict[str, bool]:
        """The oneofs, each with whether a member is required."""
        return {entry.oneof: entry.required for entry in self.fields.values() if entry.oneof}


def _parse(text: str) -> dict[str, Message]:
    messages: dict[str, Message] = {}
    current: Message | None = None
    for line in text.strip().splitlines():
        if not line.startswith(" "):
            current = messages[line] = Message(line, {}, {})
            continue
        number, name, kind, presence, *marks = line.split()
        oneof = [mark[1:] for mark in marks if mark[0] == "@"]
        since = [int(mark[1:]) for mark in marks if mark[0] == "+"]
        target = kind.lstrip("#") if kind[0] == "#" or kind[0].isupper() else ""
        family = "enum" if kind[0] == "#" else "message" if target else kind
        entry = Field(int(number), name, family, target, presence[0], presence.endswith("!"),
                      oneof[0] if oneof else None, since[0] if since else 0)
        assert current is not None
        current.fields[entry.number] = entry
        current.names[entry.name] = current.names[entry.json_name] = entry
    return messages


MESSAGES = _parse(_TEXT)
