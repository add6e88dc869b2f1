import Formats
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

  /// The sizes of files when the sample was read.
  private let sizes: [ExactString: UInt64]

  init(_ sample: Sample) {
    tree = sample.tree
    sizes = Dictionary(
      sample.reading.files.map { (ExactString($0.path), $0.bytes) }, uniquingKeysWith: { first, _ in first })
  }

  /// The file of that name; nil where the sample is to blame that it cannot be opened, which other requirements speak of.
  ///
  /// - Throws: a fault of kind `system`, and `FileFault.stableWhileRead` where the file has become shorter since the sample was read.
  mutating func source(_ name: String) throws(Fault) -> (any ByteSource)? {
    if let last, ExactString(last.name) == ExactString(name) { return last.source }
    let source: (any ByteSource)?
    do throws(Fault) {
      source = try tree.open(name)
    } catch {
      if error.kind == .system { throw error }
      source = nil
    }
    if let source, let size = sizes[ExactString(name)], source.size < size {
      throw Fault(
        FileFault.stableWhileRead, at: Place(name, offset: source.size), expected: "\(size) B",
        actual: "\(source.size) B")
    }
    last = (name, source)
    return source
  }
}
