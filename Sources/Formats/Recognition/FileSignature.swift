import Packaging
import Storage

/// The first bytes of a file, looked at as each format's readers would.
///
/// A damaged file is still recognised as long as its beginning is: damage is for the reader to report.
struct FileSignature {
  private let source: any ByteSource
  private let head: [UInt8]

  /// How many bytes of the beginning decide.
  private static let headLength = 4096

  init(_ source: any ByteSource) throws(Fault) {
    self.source = source
    head = try source.bytes(at: 0, count: Int(min(source.size, UInt64(Self.headLength))))
  }

  /// The format; nil where none of the supported ones begins like this.
  var format: Format? {
    get throws(Fault) {
      if head.starts(with: Array("GGUF".utf8)) { return .gguf }
      if head.starts(with: UnitHeader.magic) { return .package }
      if isNative { return .native }
      if isText { return textFormat }
      if try isSafetensors { return .safetensors }
      if try isPickle { return .pickle }
      if isMindIR { return .mindIR }
      if isPaddle { return .paddle }
      if try ONNXSignature(source).matches { return .onnx }
      return nil
    }
  }

  /// Field 1 of the native structure is its format's name.
  private var isNative: Bool {
    let name = Array("GB42382-PMR".utf8)
    return head.starts(with: [0x0a, UInt8(name.count)] + name)
  }

  /// JSON begins with a brace; no binary format does without a zero byte in the first eight.
  private var isText: Bool {
    guard let first = head.first(where: { ![0x20, 0x09, 0x0a, 0x0d].contains($0) }) else { return false }
    return first == UInt8(ascii: "{") && !head.prefix(8).contains(0)
  }

  private var textFormat: Format? {
    if contains("GB42382-PMR") { return .nativeJSON }
    // Paddle's newer program files are JSON that names its intermediate representation.
    if contains("\"base_code\""), contains("\"pir\"") { return .paddle }
    return nil
  }

  /// Eight bytes of header length, then a JSON object.
  private var isSafetensors: Bool {
    get throws(Fault) {
      guard head.count > 8, head[8] == UInt8(ascii: "{"),
        head.count == 9 || [0x22, 0x7d, 0x20, 0x09, 0x0a, 0x0d].contains(head[9])
      else { return false }
      // A length that no file has may be the beginning of an ONNX model in which a brace stands at that place.
      if head[5..<8].allSatisfy({ $0 == 0 }) { return true }
      return try !ONNXSignature(source).matches
    }
  }

  /// A pickle of protocol 2 and up, one of protocol 0 by its usual first opcodes, or a PyTorch archive that holds one.
  private var isPickle: Bool {
    get throws(Fault) {
      if head.starts(with: ZIPDirectory.localHeader) {
        // An archive that was cut off has no directory; where the pickle comes first, it is seen all the same.
        if contains(ZIPDirectory.pickle) { return true }
        return try ZIPDirectory.holdsPickle(source)
      }
      return isBarePickle
    }
  }

  private var isBarePickle: Bool {
    if head.count >= 3, head[0] == 0x80, (2...5).contains(head[1]) {
      let openers = Array("}](cXKMJN".utf8) + [0x8a, 0x95, 0x8c, 0x8f, 0x43]
      return openers.contains(head[2])
    }
    let openings = [
      "ccollections\n", "c__builtin__\n", "cbuiltins\n", "cposix\n", "cos\n", "cnt\n", "csubprocess\n",
      "ctorch", "(dp", "(lp",
    ]
    return openings.contains { head.starts(with: Array($0.utf8)) }
  }

  /// Field 1 is a version such as `0.1.0` as text; ONNX has a number there.
  private var isMindIR: Bool {
    guard head.count > 2, head[0] == 0x0a, (3...16).contains(head[1]) else { return false }
    let version = head.dropFirst(2).prefix(Int(head[1]))
    let isVersion = version.allSatisfy { (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }
    return isVersion && version.contains(UInt8(ascii: ".")) && contains("MindSpore")
  }

  /// A program whose first block has index 0 and parent −1, or parameters that begin with a versioned tensor.
  private var isPaddle: Bool {
    if head.first == 0x0a, let start = ONNXSignature.endOfVariableLengthInteger(head, from: 1) {
      let block: [UInt8] = [0x08, 0x00, 0x10] + Array(repeating: 0xff, count: 9) + [0x01]
      if head.dropFirst(start).starts(with: block) { return true }
    }
    return head.count > 23 && head.prefix(16).allSatisfy { $0 == 0 } && head[16] != 0
      && head[20] == 0x08 && head[22] == 0x10
  }

  private func contains(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    guard head.count >= bytes.count else { return false }
    return head.indices.dropLast(bytes.count - 1).contains { head[$0...].starts(with: bytes) }
  }
}
