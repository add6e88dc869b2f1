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
    try read(tree, name: name, as: try FileSignature(tree.open(name)).format ?? .pickle)
  }

  /// Reports a file as one of a format: the one that was recognised, or the one that the user names.
  static func read(_ tree: any FileTree, name: String, as format: Format) throws(Fault) -> Reading {
    let source = try tree.open(name)
    var reading = Reading(format: format)
    reading.files = [SampleFile(path: name, bytes: source.size)]
    reading.known = []
    let place = Place(name, offset: 0)
    switch format {
    case .gguf:
      reading.carries = [.gguf]
      reading.faults.log(UnreadFormatFault.gguf, .unsupported, at: place, actual: "GGUF")
    case .mindIR:
      reading.carries = [.mindIR]
      reading.faults.log(UnreadFormatFault.mindIR, .unsupported, at: place, actual: "MindIR")
    case .paddle:
      reading.carries = [.paddle]
      reading.faults.log(UnreadFormatFault.paddle, .unsupported, at: place, actual: "Paddle")
    default:
      let isArchive = try source.bytes(at: 0, count: Int(min(source.size, 2))).elementsEqual("PK".utf8)
      reading.carries = [.pickle]
      reading.faults.log(
        UnreadFormatFault.pickle, .unsafe, at: place, expected: "safetensors",
        actual: isArchive ? "ZIP + pickle" : "pickle")
    }
    return reading
  }
}
