import Glibc

/// A regular file as a source; the descriptor is closed when the last reference goes.
///
/// The process may hold about a thousand descriptors: open, read and let go, and open again where more is needed.
public final class FileByteSource: ByteSource {
  public let name: String
  public let size: UInt64
  private let descriptor: Int32

  /// Opens a regular file.
  ///
  /// - Parameters:
  ///   - path: where it lies; the last component must not be a link.
  ///   - name: the name under which faults speak of it.
  /// - Throws: `FileFault.present`, `.regular`, `.linkInsideRoot` or `.readable`.
  public init(path: String, name: String) throws(Fault) {
    self.name = name
    // Before opening, since opening a device may already do something.
    let before = try FileByteSource.asking(name) { () throws(SystemError) in
      try FileStatus(path, link: true)
    }
    try FileByteSource.requireRegular(before, name)
    // A pipe that took the file's place in between must not block, a link must not lead elsewhere.
    let flags = O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY
    let descriptor = try FileByteSource.asking(name) { () throws(SystemError) in
      try FileByteSource.open(path, flags)
    }
    do throws(Fault) {
      let status = try FileByteSource.asking(name) { () throws(SystemError) in
        try FileStatus(descriptor: descriptor)
      }
      try FileByteSource.requireRegular(status, name)
      self.descriptor = descriptor
      size = status.size
    } catch {
      close(descriptor)
      throw error
    }
  }

  deinit {
    close(descriptor)
  }

  public func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(Fault) {
    guard let base = buffer.baseAddress, buffer.count > 0 else { return }
    guard let end = ByteRange.end(offset: offset, length: UInt64(buffer.count)), end <= size,
      off_t(exactly: end) != nil
    else {
      throw Fault(
        FileFault.stableWhileRead, at: Place(name, offset: offset), expected: "\(buffer.count) B",
        actual: "\(size) B")
    }
    var done = 0
    while done < buffer.count {
      let place = Place(name, offset: offset + UInt64(done))
      let count = pread(descriptor, base + done, buffer.count - done, off_t(offset) + off_t(done))
      if count > 0 {
        done += count
      } else if count == 0 {
        let now = (try? FileStatus(descriptor: descriptor))?.size
        throw Fault(
          FileFault.stableWhileRead, at: place, expected: "\(size) B", actual: now.map { "\($0) B" })
      } else if errno != EINTR {
        throw SystemError.last.fault(FileFault.readable, at: place)
      }
    }
  }

  /// The number of bytes that the file has now; nil where the system does not tell.
  public var sizeNow: UInt64? { (try? FileStatus(descriptor: descriptor))?.size }

  /// Lets the system copy bytes into another open file, sharing them where the file system can.
  ///
  /// - Returns: how many were copied; fewer where the system does not do it for these two files.
  func copy(_ range: Range<UInt64>, to other: Int32) -> UInt64 {
    // Linux's, which Swift does not import.
    typealias CopyFileRange =
      @convention(c) (Int32, UnsafeMutablePointer<off_t>, Int32, UnsafeMutablePointer<off_t>?, Int, UInt32) ->
      Int
    guard let symbol = dlsym(nil, "copy_file_range"), var from = off_t(exactly: range.lowerBound),
      let end = off_t(exactly: range.upperBound)
    else { return 0 }
    let copyFileRange = unsafeBitCast(symbol, to: CopyFileRange.self)
    while from < end {
      let count = copyFileRange(descriptor, &from, other, nil, Int(min(end - from, 1 << 30)), 0)
      if count <= 0, count == 0 || errno != EINTR { break }
    }
    return UInt64(from) - range.lowerBound
  }

  private static func open(_ path: String, _ flags: Int32) throws(SystemError) -> Int32 {
    while true {
      let descriptor = Glibc.open(path, flags)
      if descriptor >= 0 { return descriptor }
      guard errno == EINTR else { throw .last }
    }
  }

  private static func requireRegular(_ status: FileStatus, _ name: String) throws(Fault) {
    guard !status.isRegular else { return }
    // Reading a pipe or a device could block or change something; a directory is merely no file.
    let kind: Fault.Kind = status.isDirectory ? .malformed : .unsafe
    throw Fault(FileFault.regular, kind, at: Place(name), expected: "file", actual: status.kind)
  }

  /// Asks the system, turning its refusal into the fault that it stands for.
  static func asking<Answer>(
    _ name: String, _ question: () throws(SystemError) -> Answer
  ) throws(Fault) -> Answer {
    do throws(SystemError) {
      return try question()
    } catch {
      throw fault(error, name)
    }
  }

  /// The fault that a refusal to open stands for.
  static func fault(_ error: SystemError, _ name: String) -> Fault {
    switch error.number {
    case ENOENT, ENOTDIR, ENAMETOOLONG:
      Fault(FileFault.present, at: Place(name), expected: name, actual: error.text)
    case ELOOP:
      Fault(FileFault.linkInsideRoot, .unsafe, at: Place(name), actual: error.text)
    default:
      error.fault(FileFault.readable, at: Place(name))
    }
  }
}
