import Glibc

/// A stream of the process that people read.
struct Terminal: Sendable {
  fileprivate let descriptor: Int32

  /// Whether somebody sits in front of it.
  var isInteractive: Bool { isatty(descriptor) == 1 }

  /// Whether colour is wanted: on a terminal, unless `NO_COLOR` is set (no-color.org) or the terminal is a dumb one.
  var wantsColour: Bool {
    guard isInteractive else { return false }
    if let value = getenv("NO_COLOR"), value.pointee != 0 { return false }
    return getenv("TERM").map { String(cString: $0) } != "dumb"
  }

  /// The number of columns; nil where it is not a terminal.
  var columns: Int? {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }

  /// Writes all bytes; what cannot be written, because the reader went away, is dropped.
  func write(_ bytes: some Sequence<UInt8>) {
    let buffer = Array(bytes)
    var written = 0
    while written < buffer.count {
      let count = buffer.withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress?.advanced(by: written), buffer.count - written)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return }
      written += count
    }
  }

  /// Writes a line.
  func line(_ text: String) { write((text + "\n").utf8) }
}

/// Standard output.
let standardOutput = Terminal(descriptor: STDOUT_FILENO)
/// Standard error.
let standardError = Terminal(descriptor: STDERR_FILENO)
