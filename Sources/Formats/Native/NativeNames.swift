import Storage

/// The names of the schema, as the JSON form writes them, and what stands under each.
///
/// `representation.proto` is the source; a test compares this table with the schema.
struct NativeNames: Sendable {
  /// What stands under a name.
  enum Content: Sendable, Hashable {
    /// A text, a number or a truth value, or a list of these.
    case scalar
    /// A message, or a list of messages, by its name in the schema.
    case message(String)
    /// The name of a value of an enumeration, by the enumeration's name in the schema.
    case enumeration(String)
  }

  /// A field of a message.
  struct Field: Sendable, Hashable {
    /// The name in lower camel case.
    let name: String
    /// What stands under it.
    let content: Content
  }

  /// The fields of each message, by either spelling of their names.
  static let messages = parsed(table)

  /// The fields of a message in the order of the table, which is that of the schema.
  static func names(ofMessage message: String) -> [String] {
    table.split(whereSeparator: \.isWhitespace).drop { $0 != "\(message):" }.dropFirst()
      .prefix { !$0.hasSuffix(":") }.map { String($0.prefix { $0 != "=" }) }
  }

  private static let table = """
    Model: format major minor profile name version identifier producer=Producer documentation licence
      contributors=Contributor architecture=Architecture modalities preTraining=PreTraining parameterCount
      assets=Asset operatorSets=OperatorSet graphs=Graph blocks=Block parameters=Variable partitions=Partition
      compressionStatement properties=Property extensions=Extension files=ParameterFile complete
    Producer: name version
    Contributor: name organisation email role
    Architecture: kind family hyperParameters=HyperParameter
    HyperParameter: name integer float text boolean
    PreTraining: paradigm objective dataVolume dataUnit precision
    Asset: kind path size digest=Digest
    Digest: algorithm value
    OperatorSet: domain version
    Graph: name documentation inputs=Value outputs=Value nodes=OperatorNode variables=Variable valueTypes=Value
    Value: name type=Type
    OperatorNode: name operatorType domain overload inputs outputs attributes=Attribute
    Attribute: name integer float text tensor=Tensor graph=Graph type=Type integers=Integers floats=Floats
      texts=Texts tensors=Tensors graphs=Graphs types=Types reference
    Integers: values
    Floats: values
    Texts: values
    Tensors: values=Tensor
    Graphs: values=Graph
    Types: values=Type
    Variable: name kind=VariableKind trainable tiedTo tensor=Tensor
    Block: name domain overload repetitions requiredAttributes defaultAttributes=Attribute
      operatorSets=OperatorSet body=Graph
    Partition: variable axis index count pipelineStage expert piece
    Type: tensor=TensorType sparseTensor=TensorType sequence=ElementsOf optional=ElementsOf map=MapType
    ElementsOf: element=Type
    MapType: key=ElementType value=Type
    TensorType: elementType=ElementType shape=Shape
    Shape: sizes dims=Dimension
    Dimension: fixed symbolic
    Tensor: type=TensorType stored=ByteRange inline strings=Texts sparse=SparseContent
      compressed=CompressedContent digest=Digest compressionChain
    SparseContent: values=Tensor indices=Tensor
    ByteRange: file offset length
    Property: key value
    Extension: name critical content
    ParameterFile: path size digest=Digest payload=Region
    Region: offset length
    CompressedContent: stages=Stage payload=Tensor
    Stage: permute=PermuteStage parts=PartsStage codes=CodesStage planes=PlanesStage pack=PackStage
      trits=TritsStage reshape=ReshapeStage sparse=SparseStage outliers=OutliersStage lowRank=LowRankStage
      circulant=CirculantStage reference=ReferenceStage uniform=UniformStage codebook=CodebookStage
      scaledFloat=ScaledFloatStage sign=SignStage entropy=EntropyStage zstd=ZstdStage delta=DeltaStage
      adapter=AdapterStage
    PermuteStage: axes
    ReshapeStage: sizes
    PartsStage:
    CodesStage:
    PlanesStage:
    PackStage: width
    TritsStage:
    SparseStage: kind=SparseKind pattern=Tensor columns=Tensor n m block
    OutliersStage: positions=Tensor values=Tensor
    LowRankStage: split left=Tensor right=Tensor
    CirculantStage: block
    BaseTensor: model=Digest variable digest=Digest
    ReferenceStage: base=BaseTensor axes starts
    UniformStage: bits signed grid scale=Tensor zeroPoint=Tensor offset=Tensor groupAxis groupIndex=Tensor
      states restart
    CodebookStage: grid codebook=Tensor scaleGrid scale=Tensor offset=Tensor
    ScaledFloatStage: elementType=ElementType grid scale=Tensor
    SignStage: ternary grid scale=Tensor offset=Tensor
    EntropyStage: mode=EntropyMode run states
    ZstdStage:
    DeltaStage: mode=DeltaMode base=BaseTensor
    AdapterStage: kind=AdapterKind base=BaseTensor factors=Tensor alpha rank rankStabilised transposed
      magnitude=Tensor axis
    """

  private static func parsed(_ table: String) -> [String: [ExactString: Field]] {
    var messages: [String: [ExactString: Field]] = [:]
    var message = ""
    for word in table.split(whereSeparator: \.isWhitespace) {
      if word.hasSuffix(":") {
        message = String(word.dropLast())
        messages[message] = [:]
        continue
      }
      let parts = word.split(separator: "=")
      let name = String(parts[0])
      let field = Field(name: name, content: parts.count > 1 ? content(String(parts[1])) : .scalar)
      messages[message]?[ExactString(name)] = field
      messages[message]?[ExactString(schemaSpelling(name))] = field
    }
    return messages
  }

  private static func content(_ type: String) -> Content {
    switch type {
    case "ElementType", "VariableKind", "SparseKind", "EntropyMode", "DeltaMode", "AdapterKind":
      .enumeration(type)
    default: .message(type)
    }
  }

  /// A name as the schema writes it: `preTraining` is `pre_training` there.
  private static func schemaSpelling(_ name: String) -> String {
    name.reduce(into: "") { result, character in
      result += character.isUppercase ? "_" + character.lowercased() : String(character)
    }
  }
}
