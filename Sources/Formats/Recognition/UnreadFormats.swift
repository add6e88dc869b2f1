public import Storage

/// What is said of a file whose format is recognised and whose content is not read.
public enum UnreadFormatFault: String, FaultCode {
  /// GGUF is recognised; its content is not read yet.
  case gguf = "gguf-content-supported"
  /// MindIR is recognised; its content is not read yet.
  case mindIR = "mindir-content-supported"
  /// Paddle is recognised; its content is not read yet.
  case paddle = "paddle-content-supported"
  /// A pickle is a program; it is never executed.
  case pickle = "weights-free-of-code"
}

/// Reports files whose format is recognised and whose content is not read: an `unsupported` feature, or an unsafe one.
public struct UnreadFormatReader: ModelReader {
  public static let formats: Set<Format> = [.gguf, .mindIR, .paddle, .pickle]

  public static func read(_ tree: any FileTree, name: String, limits: Limits) throws(Fault) -> Reading {
    let source = try tree.open(name)
    let head = try source.bytes(at: 0, count: Int(min(source.size, 4)))
    var reading = Reading(format: try FileSignature(source).format)
    reading.files = [SampleFile(path: name, bytes: source.size)]
    reading.known = []
    switch reading.format {
    case .gguf:
      reading.carries = [.gguf]
      reading.faults.log(UnreadFormatFault.gguf, .unsupported, at: Place(name, offset: 0), actual: "GGUF")
    case .mindIR:
      reading.carries = [.mindIR]
      reading.faults.log(UnreadFormatFault.mindIR, .unsupported, at: Place(name, offset: 0), actual: "MindIR")
    case .paddle:
      reading.carries = [.paddle]
      reading.faults.log(UnreadFormatFault.paddle, .unsupported, at: Place(name, offset: 0), actual: "Paddle")
    default:
      reading.format = .pickle
      reading.carries = [.pickle]
      reading.faults.log(
        UnreadFormatFault.pickle, .unsafe, at: Place(name, offset: 0), expected: "safetensors",
        actual: head.first == 0x50 ? "ZIP + pickle" : "pickle")
    }
    return reading
  }
}
