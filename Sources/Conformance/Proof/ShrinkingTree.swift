import Checks
import Formats
import Glibc
import Storage

/// A directory in which files become shorter once they have been opened: somebody writes them while they are read.
///
/// The files are really cut on disk, so that what reads them meets what it would meet in the field.
struct ShrinkingTree: FileTree {
  private let tree: DirectoryTree
  private let sizes: [String: UInt64]

  /// A sample below a directory whose files shrink.
  ///
  /// - Throws: what opening the sample throws.
  static func sample(
    _ path: String, _ sizes: [String: UInt64], _ metadata: Metadata?
  ) throws(Fault) -> Sample {
    let location = try SampleLocation.resolve(path: path)
    let tree = ShrinkingTree(tree: location.tree, sizes: sizes)
    return Sample(reading: SampleReader.read(tree, name: location.name), tree: tree, metadata: metadata)
  }

  func names(_ faults: inout FaultLog) throws(Fault) -> [String] { try tree.names(&faults) }

  func contains(_ name: String) -> Bool { tree.contains(name) }

  func open(_ name: String) throws(Fault) -> any ByteSource {
    let source = try tree.open(name)
    if let size = sizes[name], let length = Int(exactly: size), source.size > size {
      truncate(try tree.path(of: name), length)
    }
    return source
  }
}
