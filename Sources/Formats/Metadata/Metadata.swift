public import Representation

/// What a user supplies beside a model whose format cannot hold it (`--metadata FILE.yaml`; profile clause 6.1, metadata file).
public struct Metadata: Sendable, Hashable {
  /// The fields that the file gives, as a model that holds nothing else.
  public var fields = Model()
  /// The name of the file, for findings.
  public var file: String

  /// The longest metadata file that is read, in bytes.
  public static let byteLimit = 1 << 20

  /// Metadata that gives nothing yet.
  public init(file: String) {
    self.file = file
  }

  /// Reads a metadata file.
  ///
  /// - Parameters:
  ///   - yaml: the file's bytes, UTF-8; more than `byteLimit` are refused.
  ///   - file: the name of the file, for findings and errors.
  /// - Throws: the first thing that is wrong, with its place; the file is the user's own, so nothing is guessed.
  public init(yaml: [UInt8], file: String) throws(MetadataError) {
    self.file = file
    let root = try MetadataDocument.root(of: yaml, file: file)
    fields = try Model(metadata: root)
  }
}
