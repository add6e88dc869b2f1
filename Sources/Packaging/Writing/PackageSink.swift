import Glibc
public import Storage

/// Where the bytes of a package go, one after the other.
public protocol PackageSink: AnyObject {
  /// Takes the next bytes.
  ///
  /// - Throws: `OutputFault.writable` of kind `system`.
  func append(_ bytes: UnsafeRawBufferPointer) throws(Fault)
}

extension AtomicFile: PackageSink {}

/// An open descriptor, such as standard output, as a sink; it stays open.
public final class DescriptorSink: PackageSink {
  private let descriptor: Int32
  private let name: String

  /// A sink over a descriptor.
  public init(_ descriptor: Int32, name: String) {
    self.descriptor = descriptor
    self.name = name
  }

  public func append(_ bytes: UnsafeRawBufferPointer) throws(Fault) {
    guard let base = bytes.baseAddress else { return }
    var done = 0
    while done < bytes.count {
      let count = Glibc.write(descriptor, base + done, bytes.count - done)
      if count >= 0 {
        done += count
      } else if errno != EINTR {
        throw OpenFile.refusal(name)
      }
    }
  }
}
