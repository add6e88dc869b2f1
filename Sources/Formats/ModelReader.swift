public import Storage

/// Reads one format.
///
/// A reader takes a tree and a name in it, never a path. It does not stop at the first fault: what can be read is read, what
/// cannot is logged, and `Reading.known` says what is missing.
public protocol ModelReader: Sendable {
  /// The formats that it reads.
  static var formats: Set<Format> { get }

  /// Reads the sample.
  ///
  /// - Parameters:
  ///   - tree: the files of the sample.
  ///   - name: the file to start from; empty for a directory in a layout of its own.
  ///   - limits: what an input may cost.
  /// - Throws: only a fault of kind `system` that leaves nothing to judge; everything else is in the reading.
  static func read(_ tree: any FileTree, name: String, limits: Limits) throws(Fault) -> Reading
}

/// What an input may cost its reader; each limit is declared in the profile (clause 6.1, limits).
public struct Limits: Sendable, Hashable {
  /// The longest structure that is held in memory, such as a safetensors header or a JSON file, in bytes.
  public var structureBytes: UInt64 = 256 << 20
  /// The longest name or text, in bytes.
  public var textBytes: UInt64 = 16 << 20
  /// The deepest nesting of graphs, types and JSON values.
  public var depth = 64
  /// The number of tensors, nodes and values together.
  public var entities: UInt64 = 16 << 20
  /// The number of files of a sample.
  public var files = DirectoryTree.Limits().files

  /// The limits of the profile.
  public init() {}
}
