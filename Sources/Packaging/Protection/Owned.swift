import CLibCrypto

/// Something of libcrypto's that is released when its owner goes out of scope.
struct Owned: ~Copyable {
  let pointer: OpaquePointer
  private let release: (OpaquePointer?) -> Void

  /// Takes over what a function of libcrypto returned.
  ///
  /// - Throws: `refused` where it returned nothing.
  init(
    _ pointer: OpaquePointer?, _ operation: String, release: @escaping (OpaquePointer?) -> Void
  ) throws(ProtectionError) {
    guard let pointer else { throw .library(operation) }
    self.pointer = pointer
    self.release = release
  }

  deinit { release(pointer) }
}

extension Owned {
  /// An empty BIO in memory, to be written to.
  static func memory() throws(ProtectionError) -> Owned {
    try Owned(BIO_new(BIO_s_secmem()), "BIO_new") { BIO_free($0) }
  }

  /// A BIO in memory that holds bytes to be read.
  ///
  /// - Throws: `damaged` for more than 2 GiB, which no key has.
  static func memory(holding bytes: [UInt8]) throws(ProtectionError) -> Owned {
    guard let count = CInt(exactly: bytes.count) else { throw .damaged(item: "> 2 GiB") }
    let memory = try memory()
    guard count == 0 || BIO_write(memory.pointer, bytes, count) == count else { throw .library("BIO_write") }
    return memory
  }

  /// A BIO in memory that holds a secret to be read.
  static func memory(holding secret: Secret) throws(ProtectionError) -> Owned {
    let memory = try memory()
    let written = secret.withBytes { BIO_write(memory.pointer, $0.baseAddress, CInt($0.count)) }
    guard Int(written) == secret.count else { throw .library("BIO_write") }
    return memory
  }

  /// What a BIO in memory holds, as a copy that is wiped after the call of `body`.
  func withContent<Result>(_ body: ([UInt8]) -> Result) -> Result {
    var start: UnsafePointer<UInt8>?
    let count = clibcrypto_bio_content(pointer, &start)
    var bytes = Array(UnsafeBufferPointer(start: start, count: start == nil ? 0 : count))
    defer { OPENSSL_cleanse(&bytes, bytes.count) }
    return body(bytes)
  }
}

/// The bytes that one of libcrypto's `i2d` functions encodes something as.
///
/// - Parameter encode: called twice: without a place to learn the length, then with one.
/// - Throws: `refused` with the name of the operation.
func encoded(
  _ operation: String, _ encode: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?) -> Int32
) throws(ProtectionError) -> [UInt8] {
  let count = Int(encode(nil))
  guard count > 0 else { throw .library(operation) }
  let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
    var position = buffer.baseAddress
    initialized = encode(&position) == Int32(count) ? count : 0
  }
  guard bytes.count == count else { throw .library(operation) }
  return bytes
}
