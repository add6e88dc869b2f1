/// Bytes in memory as a source.
public struct MemoryByteSource: ByteSource {
  public let name: String
  private let bytes: [UInt8]

  /// A source over bytes.
  public init(name: String, _ bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
  }

  public var size: UInt64 { UInt64(bytes.count) }

  public func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(Fault) {
    guard let end = ByteRange.end(offset: offset, length: UInt64(buffer.count)), end <= size else {
      throw Fault(
        FileFault.stableWhileRead, at: Place(name, offset: offset), expected: "\(buffer.count) B",
        actual: "\(size) B")
    }
    bytes.withUnsafeBytes {
      buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[Int(offset)..<Int(end)]))
    }
  }
}

/// Files in memory as a tree.
public struct MemoryTree: FileTree {
  private let files: [ExactString: [UInt8]]

  /// A tree of files by name.
  public init(_ files: [String: [UInt8]]) {
    self.files = Dictionary(
      files.map { (ExactString($0.key), $0.value) }, uniquingKeysWith: { first, _ in first })
  }

  public func names(_ faults: inout FaultLog) throws(Fault) -> [String] {
    files.keys.sorted().map(\.value)
  }

  public func contains(_ name: String) -> Bool { files[ExactString(name)] != nil }

  public func open(_ name: String) throws(Fault) -> any ByteSource {
    try FileName.check(name)
    guard let bytes = files[ExactString(name)] else {
      throw Fault(FileFault.present, at: Place(name), expected: name)
    }
    return MemoryByteSource(name: name, bytes)
  }
}
