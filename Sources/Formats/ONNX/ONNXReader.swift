import Representation
public import Storage

/// Reads ONNX models: a file, and the files with external data that it names.
public enum ONNXReader: ModelReader {
  public static let formats: Set<Format> = [.onnx]

  public static func read(_ tree: any FileTree, name: String, limits: Limits) throws(Fault) -> Reading {
    let source = try tree.open(name)
    var decoder = ONNXDecoder(source, tree, limits)
    decoder.model.files = [ParameterFile(path: name, size: source.size)]
    do {
      try decoder.readModel()
    } catch {
      // The source has failed, or nothing more can be made of the file: what was read stays.
      decoder.faults.log(error)
      decoder.known = []
    }
    decoder.finishExternalFiles()
    var reading = Reading(format: .onnx)
    reading.files = decoder.external.present.map { SampleFile(path: $0.path, bytes: $0.bytes) }
    reading.files.append(SampleFile(path: name, bytes: source.size))
    reading.files.sort { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    reading.carries = [.onnx]
    reading.model = decoder.model
    reading.faults = decoder.faults
    reading.known = decoder.known
    // Tensors of the file itself lie wherever the message puts them.
    reading.interleavedFiles = [0]
    return reading
  }
}
