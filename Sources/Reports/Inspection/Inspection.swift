public import Numerics
public import Representation
import Storage

/// What a file is, told for people and for scripts (`inspect`): the model as read, without any judgement.
public struct Inspection: Sendable {
  /// A tensor that the model holds.
  public struct TensorLine: Sendable {
    /// The variable's name, or the path to the tensor where it has none.
    public let name: String
    /// What the data is to the model.
    public let kind: String?
    /// The type.
    public let type: TensorType
    /// Where the bytes lie: the file's path, the first byte, the number of bytes.
    public let file: String?
    /// The first byte in the file.
    public let offset: UInt64?
    /// The number of bytes, in the file or in the structure.
    public let length: UInt64?
    /// How the elements are stored: `stored`, `encoded`, `inline`, `strings`, `sparse` or `absent`.
    public let storage: String
  }

  /// The path as the user gave it.
  public let path: String
  /// The format's name.
  public let format: String
  /// The number of bytes of all files.
  public let bytes: UInt64
  /// The model.
  public let model: Model
  /// The tensors of variables, in the order of the source.
  public let tensors: [TensorLine]
  /// The number of parameters; nil where it cannot be told.
  public let parameterCount: UInt64?
  /// The number of elements and of bytes by element type, most bytes first.
  public let elementTypes: [(type: ElementType, elements: UInt64, bytes: UInt64)]

  /// Looks at a model.
  public init(path: String, format: String, bytes: UInt64, model: Model) {
    self.path = path
    self.format = format
    self.bytes = bytes
    self.model = model
    parameterCount = model.countableParameters
    var lines: [TensorLine] = []
    var totals: [ElementType: (elements: UInt64, bytes: UInt64)] = [:]
    model.forEachVariable { variable in
      lines.append(TensorLine(variable, in: model))
      guard let type = variable.tensor.type.elementType, let count = variable.tensor.type.elementCount else {
        return
      }
      let size = variable.tensor.type.byteCount ?? 0
      let sum = totals[type] ?? (0, 0)
      totals[type] = (sum.elements &+ count, sum.bytes &+ size)
    }
    tensors = lines
    elementTypes = totals.map { ($0.key, $0.value.elements, $0.value.bytes) }
      .sorted { ($1.bytes, $0.type.rawValue) < ($0.bytes, $1.type.rawValue) }
  }
}

extension Inspection.TensorLine {
  fileprivate init(_ variable: Variable, in model: Model) {
    name = variable.name
    kind = variable.kind?.rawValue
    type = variable.tensor.type
    switch variable.tensor.content {
    case .stored(let range):
      file = model.files.indices.contains(range.file) ? model.files[range.file].path : nil
      offset = range.offset
      length = range.length
      storage = "stored"
    case .encoded(let content):
      let range = content.ranges.first
      file = range.flatMap { model.files.indices.contains($0.file) ? model.files[$0.file].path : nil }
      offset = range?.offset
      length = content.ranges.reduce(0) { $0 &+ $1.length }
      storage = "encoded"
    case .inline(let bytes):
      (file, offset, length, storage) = (nil, nil, UInt64(bytes.count), "inline")
    case .strings(let strings):
      (file, offset, storage) = (nil, nil, "strings")
      length = strings.reduce(0) { $0 &+ UInt64($1.count) }
    case .sparse:
      (file, offset, length, storage) = (nil, nil, nil, "sparse")
    case .compressed:
      (file, offset, length, storage) = (nil, nil, nil, "compressed")
    case .absent:
      (file, offset, length, storage) = (nil, nil, nil, "absent")
    case .withheld:
      (file, offset, length, storage) = (nil, nil, nil, "unknown")
    }
  }
}

extension TensorType {
  /// The type as people write it: `f32[384, batch, ?]`.
  public var notation: String {
    let element = elementType?.rawValue ?? "?"
    guard let dims else { return element }
    let sizes = dims.map { dim in
      switch dim {
      case .fixed(let size): String(size)
      case .symbolic(let name): name
      case .unknown: "?"
      }
    }
    return "\(element)[\(sizes.joined(separator: ", "))]"
  }
}

extension ValueType {
  /// The type as people write it: `sequence(f32[2, 3])`.
  public var notation: String {
    switch self {
    case .tensor(let type): type.notation
    case .sparseTensor(let type): "sparse(\(type.notation))"
    case .sequence(let element): "sequence(\(element?.notation ?? "?"))"
    case .optional(let element): "optional(\(element?.notation ?? "?"))"
    case .map(let key, let value): "map(\(key.rawValue), \(value?.notation ?? "?"))"
    }
  }
}
