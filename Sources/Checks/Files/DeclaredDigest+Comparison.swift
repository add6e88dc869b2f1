import Representation
import Storage

extension DeclaredDigest {
  /// The digest that is declared; nil where its algorithm is unknown or its value is no digest of that algorithm, which
  /// other requirements speak of.
  var digest: Digest? {
    guard let algorithm = Digest.Algorithm(rawValue: algorithm), let bytes = Hexadecimal.bytes(of: value),
      bytes.count == algorithm.byteCount
    else { return nil }
    return Digest(algorithm, bytes: bytes)
  }
}

/// The files of a sample for reading one after the other: the one that was opened last stays open.
struct OpenFile {
  private let tree: any FileTree
  private var last: (name: String, source: (any ByteSource)?)?

  init(_ tree: any FileTree) {
    self.tree = tree
  }

  /// The file of that name; nil where the sample is to blame that it cannot be opened, which other requirements speak of.
  ///
  /// - Throws: a fault of kind `system`.
  mutating func source(_ name: String) throws(Fault) -> (any ByteSource)? {
    if let last, ExactString(last.name) == ExactString(name) { return last.source }
    let source: (any ByteSource)?
    do throws(Fault) {
      source = try tree.open(name)
    } catch {
      if error.kind == .system { throw error }
      source = nil
    }
    last = (name, source)
    return source
  }
}
