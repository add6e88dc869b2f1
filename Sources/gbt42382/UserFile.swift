import Configuration
import Formats
import Profile
import Storage

/// Files that the user wrote for the tool: a fault in one is wrong usage, a missing one an input error.
enum UserFile {
  /// The largest such file, in bytes.
  private static let byteLimit: UInt64 = 16 << 20

  /// The bytes of a file.
  ///
  /// - Throws: `CommandFailure` with `inputOutput` where it cannot be read.
  static func bytes(_ path: String) throws(CommandFailure) -> [UInt8] {
    do throws(Fault) {
      let location = try SampleLocation.resolve(path: path, followLinks: true)
      let source = try location.tree.open(location.name)
      guard source.size <= byteLimit else {
        throw Fault(FileFault.readable, .system, at: Place(path), actual: "\(source.size) B > \(byteLimit) B")
      }
      return try source.bytes(at: 0, count: Int(source.size))
    } catch {
      throw CommandFailure(
        .inputOutput, zh: "无法读取 \(path)：\(error.occurrence.actual ?? error.code)",
        en: "cannot read \(path): \(error.occurrence.actual ?? error.code)")
    }
  }
}

extension Catalogue {
  /// The published catalogue, with the user's overlay where one is given.
  ///
  /// - Throws: `CommandFailure` with `usage` where the overlay is faulty.
  static func inForce(overlay path: String?) throws(CommandFailure) -> Catalogue {
    guard let path else { return .published }
    let text = String(decoding: try UserFile.bytes(path), as: UTF8.self)
    let overlay: Overlay
    do throws(OverlayFileError) {
      overlay = try OverlayFile.read(text, file: path)
    } catch {
      throw CommandFailure(
        .usage, zh: error.faults.map { $0[.zh] }.joined(separator: "\n"),
        en: error.faults.map { $0[.en] }.joined(separator: "\n"))
    }
    do throws(OverlayError) {
      return try Catalogue.published.applying(overlay)
    } catch {
      throw CommandFailure(.usage, zh: "\(path)：\(error.message.zh)", en: "\(path): \(error.message.en)")
    }
  }
}

extension InputOptions {
  /// The metadata that the user supplied, if any.
  ///
  /// - Throws: `CommandFailure` with `usage` where the file is faulty.
  func loadedMetadata() throws(CommandFailure) -> Metadata? {
    guard let metadata else { return nil }
    let bytes = try UserFile.bytes(metadata)
    do throws(MetadataError) {
      return try Metadata(yaml: bytes, file: metadata)
    } catch {
      let place = "\(error.file):\(error.line):\(error.column)"
      throw CommandFailure(.usage, zh: "\(place)：\(error.zh)", en: "\(place): \(error.en)")
    }
  }
}
