import Glibc
public import Storage

/// A folder that appears whole or not at all: it is made beside its place and gets its name in the end.
public final class AsideFolder: Sendable {
  /// Where it lies until then.
  public let path: String
  private let target: String

  /// Begins a folder.
  ///
  /// - Throws: `TransferFault.destinationFree` where something has the name, `OutputFault.writable`; of kind `system`.
  public init(_ target: String) throws(Fault) {
    self.target = Naming.withoutSlashes(target)
    try Naming.requireFree(self.target)
    let random = String(UInt64.random(in: 0 ... .max), radix: 16)
    path = Naming.folder(of: self.target) + "/.gbt42382-\(getpid())-\(random).tmp"
    guard mkdir(path, 0o777) == 0 else { throw OpenFile.refusal(self.target) }
  }

  /// Makes the folders inside of it that a relative path of a file names.
  ///
  /// - Throws: `OutputFault.writable` of kind `system`.
  public func makeFolders(of name: String) throws(Fault) {
    var inner = path
    for component in name.split(separator: "/").dropLast() {
      inner += "/" + component
      guard mkdir(inner, 0o777) == 0 || errno == EEXIST else { throw OpenFile.refusal(inner) }
    }
  }

  /// Gives the folder its name.
  ///
  /// - Throws: as `Naming.rename`.
  public func commit() throws(Fault) {
    try OpenFile(path, O_RDONLY | O_DIRECTORY).synchronise()
    try Naming.rename(path, to: target)
  }

  /// Removes the folder with what was written into it.
  public func discard() { Removal.tree(path) }
}

/// Removes what we made ourselves.
enum Removal {
  /// Removes a folder with everything in it; links are removed and not followed.
  static func tree(_ path: String) {
    guard let stream = opendir(path) else { return }
    var names: [[CChar]] = []
    while let entry = readdir(stream) {
      guard let offset = MemoryLayout<dirent>.offset(of: \.d_name) else { break }
      let name = UnsafeRawPointer(entry).advanced(by: offset).assumingMemoryBound(to: CChar.self)
      let bytes = Array(UnsafeBufferPointer(start: name, count: strlen(name) + 1))
      let text = String(cString: name)
      if text != ".", text != ".." { names.append(bytes) }
    }
    closedir(stream)
    for name in names {
      let inner = Array((path + "/").utf8CString.dropLast()) + name
      // A folder cannot be unlinked, so that only folders are entered.
      if unlink(inner) != 0 {
        tree(String(decoding: inner.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self))
      }
    }
    rmdir(path)
  }
}
