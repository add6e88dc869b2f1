import Glibc
import Packaging
import Storage

/// What a server gives: packages, and folders of segments (profile clause 8.3, section 5). Nothing else has a name here, so that there
/// is no way to another file, whatever a path says.
public struct Offer: Sendable {
  /// Why something cannot be offered.
  public enum Failure: Error, Sendable, Hashable {
    /// The system does not let it be opened; its own words.
    case unreadable(path: String, String)
    /// It is neither a package nor a folder with a manifest.
    case neither(path: String)
    /// Two would have the same URL.
    case sameName(path: String, String)
  }

  /// The paths of what is offered, percent-encoded, in the order in which it was given: a package, or a folder with `/` at its end.
  public private(set) var paths: [String] = []

  private enum Kind {
    case package(path: String)
    case folder(OfferedFolder)
  }
  private var items: [[UInt8]: Kind] = [:]

  /// Offers packages and folders of segments.
  ///
  /// - Parameter locations: their paths; a link is followed now, and never again.
  public init(_ locations: [String]) throws(Failure) {
    for location in locations {
      guard let pointer = realpath(location, nil) else {
        throw .unreadable(path: location, String(cString: strerror(errno)))
      }
      defer { free(pointer) }
      let path = String(cString: pointer)
      var name = Offer.name(location) ?? Offer.name(path) ?? ""
      let kind: Kind
      if let folder = try OfferedFolder(path, givenAs: location) {
        kind = .folder(folder)
      } else if OfferedFile(path, identify: Offer.packageIdentity) != nil {
        kind = .package(path: path)
        if !name.hasSuffix(Offer.packageSuffix) { name += Offer.packageSuffix }
      } else {
        throw .neither(path: location)
      }
      guard !name.isEmpty else { throw .neither(path: location) }
      guard items.updateValue(kind, forKey: Array(name.utf8)) == nil else {
        throw .sameName(path: location, name)
      }
      var url = "/" + PercentEncoding.encoded(name)
      if case .folder = kind { url += "/" }
      paths.append(url)
    }
  }

  /// Opens what lies at a path; nil where nothing does.
  ///
  /// - Parameter path: the components, without escapes.
  func open(_ path: [[UInt8]]) -> OfferedFile? {
    guard let first = path.first, let item = items[first] else { return nil }
    switch item {
    case .package(let file):
      return path.count == 1 ? OfferedFile(file, identify: Offer.packageIdentity) : nil
    case .folder(let folder):
      return path.count == 2 ? folder.open(path[1]) : nil
    }
  }
}

extension Offer {
  private static let packageSuffix = ".pmp"

  /// The last component of a path that names something.
  private static func name(_ path: String) -> String? {
    let last = path.utf8.split(separator: UInt8(ascii: "/")).last.map { String(decoding: $0, as: UTF8.self) }
    return last == "." || last == ".." ? nil : last
  }

  /// The package root in the end of a package (P8.3-063); nil where it is none.
  private static func packageIdentity(_ source: any ByteSource) -> String? {
    let start = UnitHeader.packageSignature
    guard source.size >= UInt64(start.count + EndPayload.tailByteCount),
      (try? source.bytes(at: 0, count: start.count)) == start,
      let tail = try? source.bytes(
        at: source.size - UInt64(EndPayload.tailByteCount), count: EndPayload.tailByteCount)
    else { return nil }
    let payload = Array(tail.prefix(EndPayload.byteCount))
    var trailer = FieldReader(tail.dropFirst(EndPayload.byteCount))
    guard trailer.integer() == UInt64(EndPayload.byteCount),
      let root = try? HashTree.leaf(payload), trailer.bytes(root.bytes.count) == root.bytes
    else { return nil }
    return try? EndPayload(parsing: payload, at: Place(source.name)).packageRoot.hex
  }
}
