import Packaging
import Representation
public import Storage

/// Reads a sample with the reader of its format.
public enum SampleReader {
  /// What is said of a sample as a whole.
  public enum SampleFault: String, FaultCode {
    /// No supported format begins like this.
    case recognised = "sample-format-recognised"
  }

  /// Recognises and reads a sample; whatever happens there is a reading to judge.
  ///
  /// - Parameters:
  ///   - tree: the files of the sample.
  ///   - name: the file to start from; empty for a directory.
  ///   - format: the format that the user names, which overrides recognition.
  ///   - verification: what a package is verified with.
  ///   - limits: what the input may cost.
  /// - Returns: the reading; its format is nil where none was recognised or nothing could be opened.
  public static func read(
    _ tree: any FileTree, name: String, as format: Format? = nil,
    verifying verification: PackageVerification = PackageVerification(), limits: Limits = Limits()
  ) -> Reading {
    do throws(Fault) {
      let recognised =
        if let format {
          Recognition(format: format, name: name)
        } else {
          try Recognition.recognise(tree, name: name)
        }
      switch recognised?.format {
      case .package? where recognised?.name.isEmpty == false:
        return try PackageReader.read(try tree.open(recognised?.name ?? ""), verification, limits)
      case .segments? where recognised?.name.isEmpty == true:
        return try PackageReader.readSegments(tree, verification, limits)
      default: return try read(tree, name, recognised, limits)
      }
    } catch {
      return Reading(unopened: error)
    }
  }

  /// Reads what is inside a package: what the directory of that content would be read as; where that leaves several models, the only file of
  /// a structure. A package in a package is not looked into.
  static func read(inside tree: PackageTree, limits: Limits) throws(Fault) -> Reading {
    var recognised = try Recognition.recognise(tree, name: "")
    if recognised == nil { recognised = try Recognition(onlyStructureOf: tree) }
    let isPackage = recognised.map { [.package, .segments].contains($0.format) } ?? false
    return try read(tree, "", isPackage ? nil : recognised, limits)
  }

  /// Reads a sample that was recognised, or not.
  private static func read(
    _ tree: any FileTree, _ name: String, _ recognised: Recognition?, _ limits: Limits
  ) throws(Fault) -> Reading {
    guard let recognised else {
      var reading = Reading(format: nil)
      reading.known = []
      // What the directory holds and may not be opened may be the reason.
      if name.isEmpty { _ = try tree.names(&reading.faults) }
      reading.faults.log(SampleFault.recognised, .unsupported, at: Place(name))
      return reading
    }
    // A directory is read as one only by the reader of a layout; the others start from a file.
    if recognised.name.isEmpty, recognised.format != .huggingFace {
      var reading = Reading(format: recognised.format)
      reading.known = []
      reading.faults.log(FileFault.regular, at: Place(), expected: "file", actual: "directory")
      return reading
    }
    var reading = try read(tree, recognised, limits)
    reading.readStatement(in: tree)
    if recognised.format != .huggingFace {
      reading.logCollidingNames()
      // A reader that starts from a file does not see what lies beside it.
      if name.isEmpty { _ = try tree.names(&reading.faults) }
    }
    return reading
  }

  private static func read(
    _ tree: any FileTree, _ recognised: Recognition, _ limits: Limits
  ) throws(Fault) -> Reading {
    switch recognised.format {
    case .native, .nativeJSON:
      try NativeReader.read(
        tree, name: recognised.name, limits: limits, asJSON: recognised.format == .nativeJSON)
    case .gguf, .mindIR, .paddle, .pickle:
      try UnreadFormatReader.read(tree, name: recognised.name, as: recognised.format)
    case .safetensors:
      try SafetensorsReader.read(tree, name: recognised.name, limits: limits)
    case .huggingFace:
      try HuggingFaceReader.read(tree, name: recognised.name, limits: limits)
    case .onnx:
      try ONNXReader.read(tree, name: recognised.name, limits: limits)
    case .package, .segments:
      // Those that are none, though the user says so: `--format package` of a folder, for example.
      throw Fault(FileFault.regular, at: Place(recognised.name), expected: recognised.format.rawValue)
    }
  }
}

extension Reading {
  /// The reading of a sample that could not be opened.
  public init(unopened fault: Fault) {
    self.init(format: nil)
    known = []
    faults.log(fault)
  }
}

extension Reading {
  /// Logs the names by which the structure finds its files, and its own, that some file systems take for one.
  fileprivate mutating func logCollidingNames() {
    var names = Set(files.map { ExactString($0.path) })
    names.formUnion(model.files.map { ExactString($0.path) })
    names.formUnion(model.assets.map { ExactString($0.path) })
    if let statement = model.compressionStatement { names.insert(ExactString(statement)) }
    NameFolding.logCollisions(of: names.sorted().map(\.value).filter(FileName.isSafe), &faults)
  }
}
