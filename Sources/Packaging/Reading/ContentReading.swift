public import Storage
import Synchronization

/// What takes the files of a package while it is read, as their owner knows them: decrypted, under their names.
///
/// Bytes come before the package was verified as a whole: they must not be released before.
public protocol FileReceiver: Sendable {
  /// Is asked, in the order of the units, what takes the bytes of a file.
  func begin(_ name: String, length: UInt64) throws(Fault) -> any FileContentReceiver
}

/// What takes the bytes of a file.
public protocol FileContentReceiver: Sendable {
  /// Takes bytes from an offset of the file on; they come in any order, several at once.
  func take(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(Fault)

  /// Is told that every byte was taken.
  func finish() throws(Fault)
}

/// Takes the content of a package: decrypts what is encrypted, verifying every tag, and passes it on.
public final class ContentReading: ContentReceiver {
  private let file: String
  private let key: RecipientKey?
  private let files: (any FileReceiver)?
  private let opener = Mutex<ContentOpener?>(nil)

  /// - Parameters:
  ///   - file: the name of the package.
  ///   - key: the key of a recipient; without one, encrypted units are not opened.
  ///   - files: what takes the files; where something does, an encrypted unit without a key is a fault of kind `unsupported`.
  public init(file: String, key: RecipientKey?, files: (any FileReceiver)? = nil) {
    self.file = file
    self.key = key
    self.files = files
  }

  public func begin(
    _ header: UnitHeader, identifier: [UInt8], at offset: UInt64, start: StartPayload
  ) throws(Fault) -> (any PayloadReceiver)? {
    let name = String(decoding: identifier, as: UTF8.self)
    // A unit of an unknown type is verified, and given to nobody.
    let files = header.type.isContent ? files : nil
    guard header.flags.contains(.encrypted) else {
      return try files.map { files throws(Fault) in
        Plain(receiver: try files.begin(name, length: header.length))
      }
    }
    guard let key else {
      guard files != nil else { return nil }
      throw Fault(PackageFault.recipientFound, .unsupported, at: Place(file, offset: offset), actual: name)
    }
    let opener = try self.opener.withLock { known throws(Fault) in
      if let known { return known }
      let opener = try ContentOpener(start, key: key, file: file)
      known = opener
      return opener
    }
    let cipher = try opener.cipher(header, identifier: identifier, at: Place(file, offset: offset))
    let length = opener.suite.contentLength(stored: header.length) ?? 0
    return Opening(
      file: file, payloadOffset: header.payloadOffset(at: offset) ?? offset, cipher: cipher,
      pieceBytes: UInt64(opener.suite.pieceBytes), receiver: try files?.begin(name, length: length))
  }

  /// A payload that is stored as it is.
  private struct Plain: PayloadReceiver {
    let receiver: any FileContentReceiver

    func take(_ stored: UnsafeRawBufferPointer, chunk: UInt64, isFinal: Bool) throws(Fault) {
      try receiver.take(stored, at: chunk * UInt64(HashTree.chunkBytes))
    }

    func finish() throws(Fault) { try receiver.finish() }
  }

  /// A payload that is encrypted.
  private struct Opening: PayloadReceiver {
    let file: String
    let payloadOffset: UInt64
    let cipher: UnitCipher
    let pieceBytes: UInt64
    let receiver: (any FileContentReceiver)?

    func take(_ stored: UnsafeRawBufferPointer, chunk: UInt64, isFinal: Bool) throws(Fault) {
      let place = Place(file, offset: payloadOffset + chunk * UInt64(HashTree.chunkBytes))
      let content = try ContentOpener.open(stored, cipher, chunk: chunk, isFinal: isFinal, at: place)
      try content.withUnsafeBufferPointer { bytes throws(Fault) in
        try receiver?.take(UnsafeRawBufferPointer(bytes), at: chunk * pieceBytes)
      }
    }

    func finish() throws(Fault) { try receiver?.finish() }
  }
}
