import Glibc
import Packaging
import Storage

/// A folder of segments (profile clause 8.3, section 4) whose files are given away; it is opened once and stays the same folder,
/// whatever takes its place.
final class OfferedFolder: Sendable {
  private static let hashBytes = 32
  /// The bytes of a manifest before its digests; the transfer root is the last thing in them.
  private static let manifestHeadBytes = 88

  private let descriptor: Int32

  /// Opens a folder; nil where the path leads to something else.
  ///
  /// - Parameters:
  ///   - path: where it lies.
  ///   - location: how the user called it.
  init?(_ path: String, givenAs location: String) throws(Offer.Failure) {
    descriptor = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOTDIR { return nil }
      throw .unreadable(path: location, String(cString: strerror(errno)))
    }
    guard openManifest() != nil else { throw .neither(path: location) }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  /// The manifest, or a segment of its transfer; nil for any other name.
  func open(_ name: [UInt8]) -> OfferedFile? {
    if name.elementsEqual(SegmentName.manifest.utf8) { return openManifest()?.file }
    guard let name = String(validating: name, as: UTF8.self), let sequence = SegmentName.sequence(of: name),
      let (_, transferRoot) = openManifest()
    else { return nil }
    return OfferedFile(name, in: descriptor) { source in
      OfferedFolder.identity(of: source, sequence: sequence, transferRoot: transferRoot)
    }
  }

  private func openManifest() -> (file: OfferedFile, transferRoot: [UInt8])? {
    var transferRoot: [UInt8] = []
    let file = OfferedFile(SegmentName.manifest, in: descriptor) { source in
      let (head, hash) = (OfferedFolder.manifestHeadBytes, OfferedFolder.hashBytes)
      guard source.size >= UInt64(head + 2 * hash), let first = try? source.bytes(at: 0, count: head),
        first.starts(with: Manifest.magic),
        let digest = try? source.bytes(at: source.size - UInt64(hash), count: hash)
      else { return nil }
      transferRoot = Array(first.suffix(hash))
      return Digest(.sha256, bytes: digest).hex
    }
    return file.map { ($0, transferRoot) }
  }

  /// The digest of the head of a segment, which has the digest of the payload and its place in the transfer: all that the file holds
  /// follows from it (P8.3-063). Nil for a file that is not that segment.
  private static func identity(
    of source: any ByteSource, sequence: UInt64, transferRoot: [UInt8]
  ) -> String? {
    let fixed = SegmentHead.fixedBytes
    guard source.size >= UInt64(fixed), let head = try? source.bytes(at: 0, count: fixed) else { return nil }
    var fields = FieldReader(head)
    guard fields.bytes(SegmentHead.magic.count) == SegmentHead.magic, fields.bytes(4) != nil,
      let proofCount = fields.integer(UInt32.self), fields.bytes(hashBytes) == transferRoot,
      fields.integer() == sequence
    else { return nil }
    let length = UInt64(fixed) + UInt64(proofCount) * UInt64(hashBytes)
    guard proofCount <= 64, length <= source.size else { return nil }
    return try? Digest.of(source, .sha256, range: 0..<length).hex
  }
}
