import Glibc
import Storage

/// An open file or folder that we write into; the descriptor is closed when the last reference goes.
final class OpenFile: Sendable {
  let descriptor: Int32
  /// How faults speak of it.
  let path: String

  /// Opens a file; a link in its place is not followed.
  ///
  /// - Parameters:
  ///   - path: where it lies, relative to `folder` where one is given.
  ///   - flags: of `open`; `O_CLOEXEC` and `O_NOFOLLOW` are added.
  /// - Throws: `OutputFault.writable` of kind `system`.
  init(_ path: String, _ flags: Int32, in folder: OpenFile? = nil) throws(Fault) {
    self.path = folder.map { $0.path + "/" + path } ?? path
    var descriptor: Int32 = -1
    repeat {
      descriptor = openat(
        folder?.descriptor ?? AT_FDCWD, path, flags | O_CLOEXEC | O_NOFOLLOW, 0o666 as mode_t)
    } while descriptor < 0 && errno == EINTR
    guard descriptor >= 0 else { throw OpenFile.refusal(self.path) }
    self.descriptor = descriptor
  }

  deinit {
    close(descriptor)
  }

  /// The fault of the last system call.
  static func refusal(_ path: String, _ number: Int32 = errno) -> Fault {
    Fault(
      OutputFault.writable, .system, at: Place(path),
      actual: "\(String(cString: strerror(number))) (errno \(number))")
  }

  func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(Fault) {
    guard let base = bytes.baseAddress else { return }
    var done = 0
    while done < bytes.count {
      let count = pwrite(descriptor, base + done, bytes.count - done, off_t(offset) + off_t(done))
      if count >= 0 {
        done += count
      } else if errno != EINTR {
        throw OpenFile.refusal(path)
      }
    }
  }

  func write(_ bytes: [UInt8], at offset: UInt64) throws(Fault) {
    try bytes.withUnsafeBufferPointer { bytes throws(Fault) in
      try write(UnsafeRawBufferPointer(bytes), at: offset)
    }
  }

  /// Makes the file that long; what is added is a hole.
  func setLength(_ length: UInt64) throws(Fault) {
    guard let length = off_t(exactly: length), ftruncate(descriptor, length) == 0 else {
      throw OpenFile.refusal(path)
    }
  }

  func synchronise() throws(Fault) {
    guard fsync(descriptor) == 0 else { throw OpenFile.refusal(path) }
  }

  /// Linux's `SEEK_DATA`.
  private static let seekData: Int32 = 3

  /// Whether a part of the file was ever written; true where the file system does not tell.
  func mayHoldData(_ range: Range<UInt64>) -> Bool {
    guard let begin = off_t(exactly: range.lowerBound) else { return false }
    let data = lseek(descriptor, begin, OpenFile.seekData)
    if data < 0 { return errno != ENXIO }
    return UInt64(data) < range.upperBound
  }

  /// Device and number of what is open, or of what has a path now; nil where nothing has it.
  static func identity(of path: String) -> [UInt64]? {
    var status = stat()
    guard lstat(path, &status) == 0 else { return nil }
    return [UInt64(status.st_dev), UInt64(status.st_ino)]
  }

  var identity: [UInt64]? {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return nil }
    return [UInt64(status.st_dev), UInt64(status.st_ino)]
  }
}

/// How a result gets its name.
enum Naming {
  /// The folder that a path lies in.
  static func folder(of path: String) -> String {
    let bytes = path.utf8
    guard let end = bytes.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return end == bytes.startIndex ? "/" : String(path[..<end])
  }

  /// A path without slashes at its end.
  static func withoutSlashes(_ path: String) -> String {
    var bytes = Array(path.utf8)
    while bytes.count > 1, bytes.last == UInt8(ascii: "/") { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Refuses a destination that is there already.
  ///
  /// - Throws: `TransferFault.destinationFree` of kind `system`.
  static func requireFree(_ path: String) throws(Fault) {
    if OpenFile.identity(of: path) != nil { throw taken(path) }
  }

  private static func taken(_ path: String) -> Fault {
    Fault(
      TransferFault.destinationFree, .system, at: Place(path),
      actual: "\(String(cString: strerror(EEXIST))) (errno \(EEXIST))")
  }

  /// Gives a file or folder its final name, never in place of something else, and makes that last.
  ///
  /// - Throws: `TransferFault.destinationFree` or `OutputFault.writable`, both of kind `system`.
  static func rename(_ path: String, to target: String) throws(Fault) {
    switch renameWithoutReplacing(path, target) {
    case 0: break
    case EEXIST, ENOTEMPTY: throw taken(target)
    case EINVAL, ENOSYS:
      // A file system that cannot refuse by itself: what is left is a moment between looking and renaming.
      try requireFree(target)
      guard Glibc.rename(path, target) == 0 else { throw OpenFile.refusal(target) }
    case let number: throw OpenFile.refusal(target, number)
    }
    synchroniseFolder(of: target)
  }

  /// Linux's `renameat2`, which Swift does not import; gives the number of the error, or 0.
  private static func renameWithoutReplacing(_ path: String, _ target: String) -> Int32 {
    typealias RenameAt2 =
      @convention(c) (Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>, UInt32) -> Int32
    guard let symbol = dlsym(nil, "renameat2") else { return ENOSYS }
    let noReplacing: UInt32 = 1
    let renameAt2 = unsafeBitCast(symbol, to: RenameAt2.self)
    return renameAt2(AT_FDCWD, path, AT_FDCWD, target, noReplacing) == 0 ? 0 : errno
  }

  /// Not every file system can; the file itself is already safe.
  static func synchroniseFolder(of path: String) {
    try? OpenFile(folder(of: path), O_RDONLY | O_DIRECTORY).synchronise()
  }
}
