import Storage
import Synchronization

/// A file in a package as a source: every byte that it gives out was verified, and decrypted where the unit is encrypted.
final class PackagedFile: ByteSource {
  let name: String
  let size: UInt64
  private let access: UnitAccess
  private let cipher: UnitCipher?
  private let pieceBytes: UInt64
  private let chunks: VerifiedChunks

  /// - Parameters:
  ///   - opener: what opens the unit; only for one that is encrypted.
  ///   - chunks: where chunks that were verified are kept for a while.
  init(_ access: UnitAccess, opener: ContentOpener?, chunks: VerifiedChunks) throws(Fault) {
    name = access.unit.name
    self.access = access
    self.chunks = chunks
    guard let opener else {
      cipher = nil
      pieceBytes = UInt64(HashTree.chunkBytes)
      size = access.unit.length
      return
    }
    guard let length = opener.suite.contentLength(stored: access.unit.length) else {
      throw Fault(
        PackageFault.encryptedLength,
        at: Place(access.place(ofChunk: 0).file, offset: access.unit.offset + 16),
        actual: "\(access.unit.length) B")
    }
    cipher = try opener.cipher(
      access.unit.header, identifier: access.unit.identifier, at: access.place(ofChunk: 0))
    pieceBytes = UInt64(opener.suite.pieceBytes)
    size = length
  }

  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(Fault) {
    guard let end = ByteRange.end(offset: offset, length: UInt64(buffer.count)), end <= size else {
      throw Fault(
        FileFault.stableWhileRead, at: Place(name, offset: offset), expected: "\(buffer.count) B",
        actual: "\(size) B")
    }
    var done = 0
    while done < buffer.count {
      let at = offset + UInt64(done)
      let number = at / pieceBytes
      let inPiece = Int(at - number * pieceBytes)
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
      let whole = access.unit.chunk(number).count
      // A whole chunk goes straight to where it is wanted.
      if cipher == nil, inPiece == 0, rest.count >= whole {
        try access.read(number, into: UnsafeMutableRawBufferPointer(rebasing: rest[..<whole]))
        done += whole
        continue
      }
      let piece = try piece(number)
      let count = min(rest.count, piece.count - inPiece)
      rest.copyBytes(from: piece[inPiece..<inPiece + count])
      done += count
    }
  }

  /// The content of a chunk.
  private func piece(_ number: UInt64) throws(Fault) -> [UInt8] {
    let key = VerifiedChunks.Key(unit: access.unit.number, chunk: number)
    if let known = chunks[key] { return known }
    var bytes = try access.chunk(number)
    if let cipher {
      let isFinal = number + 1 == HashTree.chunkCount(of: access.unit.length)
      bytes = try bytes.withUnsafeBufferPointer { stored throws(Fault) in
        try ContentOpener.open(
          UnsafeRawBufferPointer(stored), cipher, chunk: number, isFinal: isFinal,
          at: access.place(ofChunk: number))
      }
    }
    chunks[key] = bytes
    return bytes
  }
}

/// The chunks that were verified last, for readers that take a few bytes at a time.
final class VerifiedChunks: Sendable {
  struct Key: Hashable {
    let unit: UInt32
    let chunk: UInt64
  }

  private static let limit = 8
  private let chunks = Mutex<[(key: Key, bytes: [UInt8])]>([])

  /// A chunk that is kept; setting one lets the oldest go.
  subscript(key: Key) -> [UInt8]? {
    get { chunks.withLock { $0.last { $0.key == key }?.bytes } }
    set {
      guard let newValue else { return }
      chunks.withLock {
        if $0.count == VerifiedChunks.limit { $0.removeFirst() }
        $0.append((key, newValue))
      }
    }
  }
}
