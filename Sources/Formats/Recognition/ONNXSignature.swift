import Storage

/// Looks at the top level of a Protocol Buffers message as a reader of ONNX models would.
struct ONNXSignature {
  private let source: any ByteSource

  /// How many fields decide; each costs one small read.
  private static let fieldLimit = 64

  init(_ source: any ByteSource) {
    self.source = source
  }

  /// Whether the fields are those of an ONNX model.
  ///
  /// A version of the representation first and then fields that a model has are enough, so that damage further on does not hide
  /// the format. Without a version first, all of the top level must fit and hold a graph.
  var matches: Bool {
    get throws(Fault) {
      var offset: UInt64 = 0
      var seen: Set<UInt64> = []
      while offset < source.size, seen.count < Self.fieldLimit {
        let window = try source.bytes(at: offset, count: Int(min(source.size - offset, 64)))
        guard let field = Field(window) else { return seen.contains(1) }
        guard field.fitsModel else { return seen.isSuperset(of: [1, 7]) }
        if seen.isEmpty, field.number == 1 {
          guard (1...1000).contains(field.value) else { return false }
        }
        seen.insert(field.number)
        guard let end = ByteRange.end(offset: offset, length: field.headerLength),
          let next = ByteRange.end(offset: end, length: field.isLengthDelimited ? field.value : 0)
        else { return seen.contains(1) }
        offset = next
        if seen.contains(1), seen.count > 3 { return true }
      }
      return seen.contains(1) || seen.contains(7)
    }
  }

  /// The place after the variable-length integer that begins at `start`; nil where the bytes end before it does.
  static func endOfVariableLengthInteger(_ bytes: [UInt8], from start: Int) -> Int? {
    bytes.indices.dropFirst(start).prefix(10).first { bytes[$0] < 0x80 }.map { $0 + 1 }
  }

  /// The head of a top-level field.
  private struct Field {
    let number: UInt64
    let wireType: UInt64
    /// The number itself, or the length of what follows.
    let value: UInt64
    let headerLength: UInt64
    private let text: ArraySlice<UInt8>

    init?(_ window: [UInt8]) {
      guard let tagEnd = ONNXSignature.endOfVariableLengthInteger(window, from: 0),
        let end = ONNXSignature.endOfVariableLengthInteger(window, from: tagEnd)
      else { return nil }
      let tag = Self.integer(window[..<tagEnd])
      number = tag >> 3
      wireType = tag & 7
      value = Self.integer(window[tagEnd..<end])
      headerLength = UInt64(end)
      text = window[end...].prefix(Int(min(value, 48)))
    }

    var isLengthDelimited: Bool { wireType == 2 }

    /// Whether an ONNX model has such a field (onnx.proto, ModelProto).
    var fitsModel: Bool {
      switch number {
      case 1, 5: wireType == 0
      // Short texts: another format's messages in these places hold control characters.
      case 2, 3, 4, 6: wireType == 2 && !text.contains { $0 < 0x20 && ![0x09, 0x0a, 0x0d].contains($0) }
      case 7, 8, 14, 20, 25, 26: wireType == 2
      default: false
      }
    }

    private static func integer(_ bytes: ArraySlice<UInt8>) -> UInt64 {
      bytes.reversed().reduce(0) { ($0 << 7) | UInt64($1 & 0x7f) }
    }
  }
}
