import Numerics
import Representation
import Storage

/// Compares the structure with the headers of the safetensors files to which it refers (architecture decision 4).
///
/// The same bytes are described twice then, and both have to say the same: which bytes are a tensor, of what type and shape. Names may
/// differ, since a structure may give tensors names of its own.
struct SafetensorsAgreement {
  /// The bytes of a tensor in one file.
  private struct Key: Hashable {
    let file: Int
    let range: Range<UInt64>
  }

  private var headers: [Key: [TensorType]] = [:]
  private var files: Set<Int> = []
  /// The files of which a header is or may be, and could not be read; why has a fault of its own.
  private var unreadFiles: Set<Int> = []
  /// Whether some tensor could not be compared.
  private(set) var isUndecided = false
  /// The first place of a file that stands again in the table, by its other places.
  private var repeated: [Int: Int] = [:]

  /// Reads the header of a file of the table where it is safetensors; its own faults are logged as those of any such file.
  ///
  /// - Returns: whether the file is safetensors.
  mutating func add(
    _ source: any ByteSource, index: Int, limits: Limits, _ faults: inout FaultLog
  ) throws(Fault) -> Bool {
    guard try FileSignature(source).format == .safetensors else { return false }
    guard let header = try SafetensorsHeader.read(source, limits: limits, &faults), header.isComplete else {
      unreadFiles.insert(index)
      return true
    }
    files.insert(index)
    for tensor in header.tensors {
      headers[Key(file: index, range: tensor.range), default: []].append(tensor.type)
    }
    return true
  }

  /// Notes that the file at a place in the table could not be opened.
  mutating func addUnopened(_ index: Int) { unreadFiles.insert(index) }

  /// Notes that a place in the table is that of a file which stands there already.
  mutating func add(_ index: Int, sameAs first: Int) { repeated[index] = first }

  /// Logs every tensor of the model that a header describes in another way.
  mutating func compare(_ model: Model, _ faults: inout FaultLog) {
    if files.isEmpty, unreadFiles.isEmpty { return }
    model.forEachTensor { tensor, path in compare(tensor, path, model, &faults) }
  }

  private mutating func compare(_ tensor: Tensor, _ path: ModelPath, _ model: Model, _ faults: inout FaultLog)
  {
    switch tensor.content {
    case .sparse(let values, let indices):
      compare(values, path.field("values"), model, &faults)
      compare(indices, path.field("indices"), model, &faults)
    case .compressed(let content):
      content.forEachTensor { tensor, rest in
        if case .compressed = tensor.content { return }
        compare(tensor, path.part(rest), model, &faults)
      }
    case .stored(let range):
      let file = repeated[range.file] ?? range.file
      if unreadFiles.contains(file) { isUndecided = true }
      guard files.contains(file), let end = range.end else { return }
      let found = headers[Key(file: file, range: range.offset..<end)] ?? []
      if found.contains(where: { Self.agree(tensor.type, $0, range.length) }) { return }
      faults.log(
        NativeFault.safetensorsAgreement,
        at: Place(model.files[range.file].path, offset: range.offset, path: path.description),
        expected: "\(Self.text(tensor.type)), \(range.length) B",
        actual: found.first.map { "\(Self.text($0)), \(range.length) B" })
    default:
      break
    }
  }

  /// Whether a header says of bytes what the structure says.
  ///
  /// An element type that safetensors lacks is `U8` there, and then the shape counts bytes.
  private static func agree(_ type: TensorType, _ header: TensorType, _ length: UInt64) -> Bool {
    if type == header { return true }
    guard let elementType = type.elementType, SafetensorsElementTypes.name(of: elementType) == nil else {
      return false
    }
    return header.elementType == .u8 && header.elementCount == length
  }

  private static func text(_ type: TensorType) -> String {
    let dims = type.dims?.map { dim in
      switch dim {
      case .fixed(let size): String(size)
      case .symbolic(let name): name
      case .unknown: "?"
      }
    }
    return "\(type.elementType?.rawValue ?? "?") [\(dims?.joined(separator: ", ") ?? "…")]"
  }
}
