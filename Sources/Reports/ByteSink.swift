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

/// A sink of whatever type: code that writes to it is compiled once, for this type, however many types of sinks there are elsewhere.
struct AnyByteSink: ByteSink {
  private(set) var sink: any ByteSink

  init(_ sink: any ByteSink) {
    self.sink = sink
  }

  mutating func append(_ bytes: UnsafeRawBufferPointer) throws {
    try sink.append(bytes)
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
  /// A report has more bytes than it may.
  struct Full: Error {}

  private(set) var count = 0
  private let limit: Int

  /// - Parameter limit: how many bytes there may be.
  init(limit: Int = .max) {
    self.limit = limit
  }

  mutating func append(_ bytes: UnsafeRawBufferPointer) throws(Full) {
    count += bytes.count
    if count > limit { throw Full() }
  }
}
