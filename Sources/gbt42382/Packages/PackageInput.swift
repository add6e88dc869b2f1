import Glibc
import Packaging
import Profile
import Reports
import Storage
import Synchronization

/// A package that the user names: a file, or `-` for standard input.
enum PackageInput {
  case file(any ByteSource)
  case pipe(DescriptorStream)

  /// Opens a package.
  ///
  /// - Throws: `CommandFailure` with `inputOutput` where it cannot be read, `notRecognised` where the file is no package.
  init(_ path: String) throws(CommandFailure) {
    guard path != "-" else {
      self = .pipe(DescriptorStream(STDIN_FILENO, name: "-"))
      return
    }
    let source: any ByteSource
    let isPackage: Bool
    do throws(Fault) {
      let location = try SampleLocation.resolve(path: path, followLinks: true)
      guard !location.isDirectory else {
        throw Fault(FileFault.regular, .system, at: Place(path), expected: "file", actual: "directory")
      }
      source = try location.tree.open(location.name)
      isPackage = try PackageInput.isPackage(source)
    } catch {
      // A path that leads nowhere is the user's, not a package's.
      throw CommandFailure(error.code, .system, error.occurrence, path: path)
    }
    guard isPackage else {
      throw CommandFailure(.notRecognised, zh: "\(path)：不是封装", en: "\(path): is no package")
    }
    self = .file(source)
  }

  /// Whether a file begins like a package.
  static func isPackage(_ source: any ByteSource) throws(Fault) -> Bool {
    let count = min(source.size, UInt64(UnitHeader.magic.count))
    return try source.bytes(at: 0, count: Int(count)).elementsEqual(UnitHeader.magic)
  }

  /// The file, where it is a package that can be opened; nil for anything else.
  static func ifPackage(_ path: String) throws(CommandFailure) -> (any ByteSource)? {
    guard let location = try? SampleLocation.resolve(path: path, followLinks: true), !location.isDirectory,
      let source = try? location.tree.open(location.name), (try? isPackage(source)) == true
    else { return nil }
    return source
  }

  /// How many bytes the package has, where that is known.
  var size: UInt64? {
    if case .file(let source) = self { source.size } else { nil }
  }

  /// Reads the package from front to back.
  func scan(_ options: PackageScan.Options) throws(Fault) -> PackageScan {
    switch self {
    case .file(let source): try PackageScan.scan(source, options)
    case .pipe(let stream): try PackageScan.scan(stream, options)
    }
  }
}
