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

  /// Reads the header of a file of the table where it is safetensors; its own faults are logged as those of any such file.
  ///
  /// - Returns: whether the file is safetensors.
  mutating func add(
    _ source: any ByteSource, index: Int, limits: Limits, _ faults: inout FaultLog
  ) throws(Fault) -> Bool {
    guard try FileSignature(source).format == .safetensors else { return false }
    guard let header = try SafetensorsHeader.read(source, limits: limits, &faults) else { return true }
    // What could not be read of a header would only be said a second time.
    guard header.isComplete else { return true }
    files.insert(index)
    for tensor in header.tensors {
      headers[Key(file: index, range: tensor.range), default: []].append(tensor.type)
    }
    return true
  }

  /// Logs every tensor of the model that a header describes in another way.
  func compare(_ model: Model, _ faults: inout FaultLog) {
    if files.isEmpty { return }
    model.forEachTensor { tensor, path in compare(tensor, path, model, &faults) }
  }

  private func compare(_ tensor: Tensor, _ path: ModelPath, _ model: Model, _ faults: inout FaultLog) {
    switch tensor.content {
    case .sparse(let values, let indices):
      compare(values, path.field("values"), model, &faults)
      compare(indices, path.field("indices"), model, &faults)
    case .stored(let range):
      guard files.contains(range.file), let end = range.end else { return }
      let found = headers[Key(file: range.file, range: range.offset..<end)] ?? []
      if found.contains(where: { Self.agree(tensor.type, $0) }) { return }
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
  private static func agree(_ type: TensorType, _ header: TensorType) -> Bool {
    if type == header { return true }
    guard let elementType = type.elementType, ValuesFile.name(of: elementType) == nil else { return false }
    return header.elementType == .u8
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
