/// Bytes that can be read at random, in chunks, without ever being held as a whole: a file, a package's payload, memory.
public protocol ByteSource: Sendable {
  /// The name under which faults and reports speak of it: a path relative to the sample.
  var name: String { get }
  /// The number of bytes when it was opened.
  var size: UInt64 { get }
  /// Reads `buffer.count` bytes from `offset` on.
  ///
  /// - Throws: `FileFault.truncatedWhileRead` when the bytes are no longer there, `FileFault.readable` when the system refuses.
  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(Fault)
}

extension ByteSource {
  /// Reads `count` bytes from `offset` on into an array.
  ///
  /// The caller has compared `count` with a limit of its own: this allocates what it is told to.
  /// - Throws: as `read(into:at:)`, and `FileFault.truncatedWhileRead` where the range leaves the source.
  public func bytes(at offset: UInt64, count: Int) throws(Fault) -> [UInt8] {
    guard count >= 0, ByteRange.end(offset: offset, length: UInt64(count)).map({ $0 <= size }) == true else {
      throw Fault(
        FileFault.stableWhileRead, at: Place(name, offset: offset), expected: "\(count) B",
        actual: "\(size) B")
    }
    var failure: Fault?
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      do throws(Fault) {
        try read(into: UnsafeMutableRawBufferPointer(buffer), at: offset)
        initialized = count
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return bytes
  }
}

/// A run of bytes in a file of a file table.
public struct ByteRange: Sendable, Hashable {
  /// The index of the file in the table that the range belongs to.
  public var file: Int
  /// The first byte.
  public var offset: UInt64
  /// The number of bytes.
  public var length: UInt64

  /// A range in the file with that index.
  public init(file: Int, offset: UInt64, length: UInt64) {
    self.file = file
    self.offset = offset
    self.length = length
  }

  /// The byte after the last one; nil where it does not fit into 64 bits.
  public var end: UInt64? { ByteRange.end(offset: offset, length: length) }

  /// `offset + length`; nil where it does not fit into 64 bits.
  public static func end(offset: UInt64, length: UInt64) -> UInt64? {
    let (end, overflow) = offset.addingReportingOverflow(length)
    return overflow ? nil : end
  }
}

/// What can be wrong with the files of a sample before any format is looked at.
public enum FileFault: String, FaultCode {
  /// The system does not let the file be opened or read.
  case readable = "sample-files-readable"
  /// A name is absolute, climbs out of the input root or holds what no portable name may hold.
  case nameSafe = "file-names-safe"
  /// Two names are equal once case and Unicode normalisation are folded.
  case namesDistinct = "file-names-distinct"
  /// A link leads out of the input root.
  case linkInsideRoot = "file-links-inside-root"
  /// A file that another one names is not there.
  case present = "referenced-files-present"
  /// A directory, a pipe or a device where a regular file belongs.
  case regular = "files-regular"
  /// The file became shorter while it was read.
  case stableWhileRead = "files-stable-while-read"
  /// More files, or deeper directories, than the declared limit.
  case countWithinLimit = "file-count-within-limit"
}
