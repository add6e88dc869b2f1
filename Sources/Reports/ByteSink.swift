/// Where a report goes: a file that appears whole or not at all, standard output, memory.
public protocol ByteSink {
  /// Takes the next bytes of the report.
  ///
  /// - Throws: whatever keeps the bytes from being taken; the report is then not finished.
  mutating func append(_ bytes: UnsafeRawBufferPointer) throws
}

extension ByteSink {
  /// Takes a text as UTF-8.
  public mutating func append(_ text: String) throws {
    var text = text
    try text.withUTF8 { try append(UnsafeRawBufferPointer($0)) }
  }
}

/// A report in memory.
public struct MemorySink: ByteSink, Sendable {
  /// The bytes so far.
  public private(set) var bytes: [UInt8] = []

  /// An empty report.
  public init() {}

  /// The bytes as text.
  public var text: String { String(decoding: bytes, as: UTF8.self) }

  public mutating func append(_ bytes: UnsafeRawBufferPointer) {
    self.bytes.append(contentsOf: bytes)
  }
}

/// Counts the bytes of a report without keeping them.
struct CountingSink: ByteSink {
  private(set) var count = 0

  mutating func append(_ bytes: UnsafeRawBufferPointer) {
    count += bytes.count
  }
}
