import Glibc
import Storage

/// What a receiver holds on disk: the folder `OUT.fetch` beside the destination (profile clause 8.3, section 6.1).
///
/// There is no journal, so that nothing here can claim what the disk has lost; OUT gets its name in one step at the very end.
final class TransferStore: Sendable {
  /// The file that grows into the package.
  static let package = "package"
  /// The last bytes of a package that is read by ranges.
  static let tail = "tail"

  /// The destination.
  let out: String
  private let path: String
  private let folder: OpenFile
  private let package: OpenFile
  /// Is called before each step that changes the disk; a test ends a transfer there.
  private let willChange: @Sendable () throws(Fault) -> Void

  /// Makes or opens the folder and locks it.
  ///
  /// - Throws: `TransferFault.destinationFree` or `.destinationUnlocked`, `OutputFault.writable`; all of kind `system`.
  init(
    _ out: String, willChange: @escaping @Sendable () throws(Fault) -> Void = { () throws(Fault) in }
  ) throws(Fault) {
    self.out = Naming.withoutSlashes(out)
    self.willChange = willChange
    path = self.out + ".fetch"
    try Naming.requireFree(self.out)
    while true {
      try willChange()
      guard mkdir(path, 0o777) == 0 || errno == EEXIST else { throw OpenFile.refusal(path) }
      let folder = try OpenFile(path, O_RDONLY | O_DIRECTORY)
      guard flock(folder.descriptor, LOCK_EX | LOCK_NB) == 0 else {
        let number = errno
        guard number == EWOULDBLOCK else { throw OpenFile.refusal(path, number) }
        throw Fault(
          TransferFault.destinationUnlocked, .system, at: Place(path),
          actual: OpenFile.refusal(path, number).occurrence.actual)
      }
      // Whoever held the lock before may have finished and removed the folder in between.
      if OpenFile.identity(of: path) == folder.identity {
        self.folder = folder
        break
      }
    }
    try Naming.requireFree(self.out)
    package = try OpenFile(TransferStore.package, O_RDWR | O_CREAT, in: folder)
  }

  /// The bytes of a small file that was kept; nil where there is none or it cannot be read.
  func kept(_ name: String) -> [UInt8]? {
    guard let source = try? FileByteSource(path: path + "/" + name, name: name),
      let count = Int(exactly: source.size)
    else { return nil }
    return try? source.bytes(at: 0, count: count)
  }

  /// Keeps a small file, whole or not at all.
  func keep(_ name: String, _ bytes: [UInt8]) throws(Fault) {
    try willChange()
    let file = try AtomicFile(path + "/" + name)
    try file.append(bytes)
    try willChange()
    try file.commit()
  }

  /// Gives the package its length; what is not written yet is a hole.
  func setLength(_ length: UInt64) throws(Fault) {
    try willChange()
    try package.setLength(length)
  }

  /// Whether a part of the package was ever written.
  func mayHoldData(_ range: Range<UInt64>) -> Bool { package.mayHoldData(range) }

  /// Writes bytes of the package.
  func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(Fault) {
    try willChange()
    try package.write(bytes, at: offset)
  }

  /// The package as it lies there.
  func source() throws(Fault) -> FileByteSource {
    try FileByteSource(path: packagePath, name: TransferStore.package)
  }

  /// Where the package lies until it is complete.
  var packagePath: String { path + "/" + TransferStore.package }

  /// Brings what was written to disk.
  func synchronise() throws(Fault) {
    try willChange()
    try package.synchronise()
  }

  /// Gives the package its name and removes the folder.
  func complete() throws(Fault) {
    try willChange()
    try Naming.rename(packagePath, to: out)
    try willChange()
    removeFolder()
  }

  /// Removes everything that is held.
  func remove() throws(Fault) {
    try willChange()
    unlinkat(folder.descriptor, TransferStore.package, 0)
    try willChange()
    removeFolder()
  }

  private func removeFolder() {
    for name in [SegmentName.manifest, TransferStore.tail] { unlinkat(folder.descriptor, name, 0) }
    rmdir(path)
  }
}
