import Glibc
public import Storage

/// Bytes that come once, one after the other: a pipe.
public protocol ByteStream: AnyObject {
  /// The name under which faults speak of it.
  var name: String { get }

  /// Reads some bytes, as many as are there, at most as many as the buffer holds; none only at the end.
  ///
  /// - Throws: `FileFault.readable` of kind `system`.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(Fault) -> Int
}

/// An open descriptor as a stream; it stays open.
public final class DescriptorStream: ByteStream {
  public let name: String
  private let descriptor: Int32

  /// A stream over a descriptor, such as standard input.
  public init(_ descriptor: Int32, name: String) {
    self.descriptor = descriptor
    self.name = name
  }

  public func read(into buffer: UnsafeMutableRawBufferPointer) throws(Fault) -> Int {
    guard let base = buffer.baseAddress, buffer.count > 0 else { return 0 }
    while true {
      let count = Glibc.read(descriptor, base, buffer.count)
      if count >= 0 { return count }
      guard errno == EINTR else {
        throw Fault(
          FileFault.readable, .system, at: Place(name),
          actual: "\(String(cString: strerror(errno))) (errno \(errno))")
      }
    }
  }
}

/// A package from front to back, of a source or of a stream: the next bytes, and never more than are asked for.
final class FrontReader {
  private enum Input {
    case source(any ByteSource)
    case stream(any ByteStream)
  }

  private static let windowBytes = 1 << 16

  /// The name under which faults speak of the package.
  let name: String
  /// The next byte, counted from the first of the package.
  private(set) var offset: UInt64 = 0
  private let input: Input
  /// Bytes that were read ahead, and how many of them were given away.
  private var window: [UInt8] = []
  private var taken = 0

  init(_ source: any ByteSource) {
    name = source.name
    input = .source(source)
  }

  init(_ stream: any ByteStream) {
    name = stream.name
    input = .stream(stream)
  }

  /// The source that chunks can be read from at random; nil where bytes come only once.
  var source: (any ByteSource)? {
    if case .source(let source) = input { source } else { nil }
  }

  /// How many bytes are left, where that is known.
  var remaining: UInt64? {
    source.map { $0.size > offset ? $0.size - offset : 0 }
  }

  /// The next bytes; fewer only at the end.
  func bytes(_ count: Int) throws(Fault) -> [UInt8] {
    if count <= window.count - taken {
      defer {
        taken += count
        offset += UInt64(count)
      }
      return Array(window[taken..<taken + count])
    }
    var bytes: [UInt8] = []
    while bytes.count < count {
      if taken == window.count, try !refill() { break }
      let part = window[taken..<min(window.count, taken + count - bytes.count)]
      bytes += part
      taken += part.count
      offset += UInt64(part.count)
    }
    return bytes
  }

  /// Fills a buffer with the next bytes; returns how many there were, fewer only at the end.
  func fill(_ buffer: UnsafeMutableRawBufferPointer) throws(Fault) -> Int {
    var count = min(buffer.count, window.count - taken)
    buffer.copyBytes(from: window[taken..<taken + count])
    taken += count
    while count < buffer.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[count...])
      let part: Int
      switch input {
      case .stream(let stream): part = try stream.read(into: rest)
      case .source(let source):
        let at = offset + UInt64(count)
        part = Int(min(UInt64(rest.count), source.size > at ? source.size - at : 0))
        try source.read(into: UnsafeMutableRawBufferPointer(rebasing: rest[..<part]), at: at)
      }
      guard part > 0 else { break }
      count += part
    }
    offset += UInt64(count)
    return count
  }

  /// Leaves bytes of a source out, which somebody else reads.
  func skip(_ count: Int) {
    let inWindow = min(count, window.count - taken)
    taken += inWindow
    if inWindow < count { window = [] }
    if inWindow < count { taken = 0 }
    offset += UInt64(count)
  }

  /// Reads ahead; false at the end.
  private func refill() throws(Fault) -> Bool {
    taken = 0
    window = []
    var count = FrontReader.windowBytes
    if let source {
      count = Int(min(UInt64(count), source.size > offset ? source.size - offset : 0))
      window = try source.bytes(at: offset, count: count)
      return !window.isEmpty
    }
    guard case .stream(let stream) = input else { return false }
    var failure: Fault?
    window = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      do throws(Fault) {
        initialized = try stream.read(into: UnsafeMutableRawBufferPointer(buffer))
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return !window.isEmpty
  }
}
