public import Representation
public import Storage

/// The header of a safetensors file: what tensors there are, and which bytes of the file hold them.
///
/// Only the header is read, whatever the size of the file.
public struct SafetensorsHeader: Sendable {
  /// A tensor of the header.
  public struct Tensor: Sendable {
    /// The name, as the header gives it.
    public let name: String
    /// The element type and dims.
    public let type: TensorType
    /// The bytes of the file that the header gives the tensor; they may leave the file.
    public let range: Range<UInt64>
    /// The byte of the file at which the tensor's name stands.
    public let place: UInt64
  }

  /// The tensors that could be read, in the order of the header.
  public internal(set) var tensors: [Tensor] = []
  /// The free texts of `__metadata__`, in the order of the header.
  public internal(set) var metadata: [Property] = []
  /// The bytes of the file after the header, which tensors cover without a gap; nil where the header breaks off, so that nobody knows
  /// where it ends.
  public internal(set) var payload: Range<UInt64>?
  /// Whether every tensor of the header was read.
  public internal(set) var isComplete = true

  /// The longest header that the format allows, in bytes (safetensors, `MAX_HEADER_SIZE`).
  public static let lengthLimit: UInt64 = 100_000_000

  /// Reads the header of a file.
  ///
  /// - Parameters:
  ///   - source: the file.
  ///   - limits: what an input may cost.
  ///   - faults: takes what is wrong with the header.
  /// - Returns: nil where there is no header to read.
  /// - Throws: what the source throws.
  public static func read(
    _ source: any ByteSource, limits: Limits, _ faults: inout FaultLog
  ) throws(Fault) -> SafetensorsHeader? {
    let file = source.name
    guard source.size >= 8 else {
      faults.log(
        SafetensorsFault.lengthPresent, at: Place(file, offset: 0), expected: "≥ 8 B",
        actual: "\(source.size) B")
      return nil
    }
    let length = try source.bytes(at: 0, count: 8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= lengthLimit else {
      faults.log(
        SafetensorsFault.headerWithinLimit, at: Place(file, offset: 0), expected: "≤ \(lengthLimit) B",
        actual: "\(length) B")
      return nil
    }
    guard length <= source.size - 8 else {
      faults.log(
        SafetensorsFault.headerInFile, at: Place(file, offset: 0), expected: "≤ \(source.size - 8) B",
        actual: "\(length) B")
      return nil
    }
    guard length <= limits.structureBytes, let count = Int(exactly: length) else {
      faults.log(
        SafetensorsFault.headerWithinLimit, .unsupported, at: Place(file, offset: 0),
        expected: "≤ \(limits.structureBytes) B", actual: "\(length) B")
      return nil
    }
    var parser = SafetensorsHeaderParser(
      try source.bytes(at: 8, count: count), file: file, fileSize: source.size, limits: limits)
    parser.parse(&faults)
    return parser.header
  }

  /// Reads the header of a file and gives its faults apart.
  public static func read(
    _ source: any ByteSource, limits: Limits
  ) throws(Fault) -> (header: SafetensorsHeader?, faults: FaultLog) {
    var faults = FaultLog()
    let header = try read(source, limits: limits, &faults)
    return (header, faults)
  }
}
