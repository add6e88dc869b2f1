import Glibc

/// What keeps an output from being written: a fault of the system, never one of a sample.
public enum OutputFault: String, FaultCode {
  /// The system does not let the file be written.
  case writable = "output-writable"
}

/// A file that appears whole or not at all.
///
/// Bytes are written aside in the same directory; `commit` brings them to disk and puts them in place of what was there. A
/// writer that is let go without it leaves nothing behind. Where the system can do it, the file has no name until then, so
/// that even a killed process leaves nothing. A device or a pipe (`/dev/stdout`) is written directly.
public final class AtomicFile {
  /// The path as the user gave it.
  public let path: String
  /// The number of bytes that were appended.
  public private(set) var byteCount: UInt64 = 0

  private static let bufferBytes = 1 << 20
  private var aside: AsideFile?
  private var buffer: [UInt8] = []

  /// Begins a file; a link to a file is followed, so that the link stays one.
  ///
  /// - Throws: `OutputFault.writable` of kind `system`, with the system's own words.
  public convenience init(_ path: String) throws(Fault) {
    try self.init(path, mayBeUnnamed: true)
  }

  /// Begins a file; not every file system has files without names.
  init(_ path: String, mayBeUnnamed: Bool) throws(Fault) {
    self.path = path
    do throws(SystemError) {
      aside = try AsideFile(path, mayBeUnnamed: mayBeUnnamed)
    } catch {
      throw error.fault(OutputFault.writable, at: Place(path))
    }
  }

  deinit {
    discard()
  }

  /// Writes bytes as a whole file.
  ///
  /// - Throws: `OutputFault.writable` of kind `system`; then the file is as it was before.
  public static func write(_ bytes: [UInt8], to path: String) throws(Fault) {
    let file = try AtomicFile(path)
    try file.append(bytes)
    try file.commit()
  }

  /// Writes a text in UTF-8 as a whole file.
  ///
  /// - Throws: `OutputFault.writable` of kind `system`; then the file is as it was before.
  public static func write(_ text: String, to path: String) throws(Fault) {
    try write(Array(text.utf8), to: path)
  }

  /// Appends bytes.
  ///
  /// - Throws: `OutputFault.writable` of kind `system`; the file is given up then.
  public func append(_ bytes: UnsafeRawBufferPointer) throws(Fault) {
    byteCount += UInt64(bytes.count)
    if buffer.count + bytes.count > AtomicFile.bufferBytes { try flush() }
    if bytes.count >= AtomicFile.bufferBytes {
      try write(bytes)
    } else {
      buffer.append(contentsOf: bytes)
    }
  }

  /// Appends bytes.
  ///
  /// - Throws: as `append` for raw bytes.
  public func append(_ bytes: [UInt8]) throws(Fault) {
    try bytes.withUnsafeBufferPointer { bytes throws(Fault) in try append(UnsafeRawBufferPointer(bytes)) }
  }

  /// Appends a text in UTF-8.
  ///
  /// - Throws: as `append` for raw bytes.
  public func append(_ text: String) throws(Fault) {
    try append(Array(text.utf8))
  }

  /// Appends a range of a source, or all of it, in chunks.
  ///
  /// - Throws: what the source throws, else as `append` for raw bytes.
  public func append(
    _ source: any ByteSource, range: Range<UInt64>? = nil, progress: ((Int) -> Void)? = nil
  ) throws(Fault) {
    try source.forEachChunk(in: range ?? 0..<source.size, of: AtomicFile.bufferBytes) {
      chunk throws(Fault) in
      try append(chunk)
      progress?(chunk.count)
    }
  }

  /// Appends a range of a source as `append` does; of a file the system copies it, without its passing through the process.
  ///
  /// - Throws: as `append`.
  public func append(copying source: any ByteSource, range: Range<UInt64>) throws(Fault) {
    var copied: UInt64 = 0
    if let file = source as? FileByteSource {
      try flush()
      copied = aside.map { file.copy(range, to: $0.descriptor) } ?? 0
      byteCount += copied
    }
    try append(source, range: range.lowerBound + copied..<range.upperBound)
  }

  /// Brings the bytes to disk and the file to its place; nothing can be appended afterwards.
  ///
  /// - Throws: `OutputFault.writable` of kind `system`; then what was there before is still there.
  public func commit() throws(Fault) {
    try flush()
    try attempt { aside throws(SystemError) in try aside.commit() }
    discard()
  }

  /// Gives the file up; nothing of it stays.
  public func discard() {
    aside?.close()
    aside = nil
    buffer = []
  }

  private func flush() throws(Fault) {
    guard !buffer.isEmpty else { return }
    try buffer.withUnsafeBufferPointer { bytes throws(Fault) in try write(UnsafeRawBufferPointer(bytes)) }
    buffer.removeAll(keepingCapacity: true)
  }

  private func write(_ bytes: UnsafeRawBufferPointer) throws(Fault) {
    try attempt { aside throws(SystemError) in try aside.write(bytes) }
  }

  private func attempt(_ step: (inout AsideFile) throws(SystemError) -> Void) throws(Fault) {
    guard var current = aside else {
      throw SystemError(number: EBADF).fault(OutputFault.writable, at: Place(path))
    }
    do throws(SystemError) {
      try step(&current)
      aside = current
    } catch {
      aside = current
      discard()
      throw error.fault(OutputFault.writable, at: Place(path))
    }
  }
}
