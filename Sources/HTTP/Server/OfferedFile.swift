import Glibc
import Storage

/// A file that is being served; the descriptor is closed when the last reference goes.
///
/// A file that is put in the place of another one while that is sent leaves it as it was.
final class OfferedFile {
  let size: UInt64
  /// The strong entity tag, with its quotation marks.
  let tag: String
  let descriptor: Int32

  /// Opens a regular file; nil where there is none, or none that is served.
  ///
  /// - Parameters:
  ///   - path: relative to `folder` where one is given; a link in its place is not followed.
  ///   - identify: what the file is known by on every server, as hexadecimal digits; nil where it is not to be served.
  init?(_ path: String, in folder: Int32 = AT_FDCWD, identify: (any ByteSource) -> String?) {
    // A pipe in the file's place must not block.
    let flags = O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY
    var descriptor: Int32 = -1
    repeat { descriptor = openat(folder, path, flags) } while descriptor < 0 && errno == EINTR
    guard descriptor >= 0 else { return nil }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      let size = UInt64(exactly: status.st_size),
      let identity = identify(Opened(name: path, size: size, descriptor: descriptor))
    else {
      close(descriptor)
      return nil
    }
    self.size = size
    self.descriptor = descriptor
    tag = "\"\(identity)\""
  }

  deinit {
    close(descriptor)
  }

  /// The file before it is known to be one that is served.
  private struct Opened: ByteSource {
    let name: String
    let size: UInt64
    let descriptor: Int32

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(Fault) {
      var done = 0
      while done < buffer.count {
        let count = pread(
          descriptor, buffer.baseAddress?.advanced(by: done), buffer.count - done, off_t(offset) + off_t(done)
        )
        if count < 0, errno == EINTR { continue }
        guard count > 0 else {
          throw Fault(FileFault.stableWhileRead, at: Place(name, offset: offset + UInt64(done)))
        }
        done += count
      }
    }
  }
}
