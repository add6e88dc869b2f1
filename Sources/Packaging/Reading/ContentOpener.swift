import Storage

/// What opens the encrypted units of a package for one recipient (profile clause 8.2, section 10).
struct ContentOpener: Sendable {
  let suite: ProtectionSuite
  private let contentKey: ContentKey

  /// Unwraps the content key.
  ///
  /// - Parameters:
  ///   - start: what the start unit says, of which a suite is named.
  ///   - file: the name of the package.
  /// - Throws: `PackageFault.recipientFound`, `.wrappingSound`, `.contentKeyUnwrapped` or `.contentKeyCommitted`.
  init(_ start: StartPayload, key: RecipientKey, file: String) throws(Fault) {
    let first = start.recipients.first?.offset ?? 0
    guard let entry = start.recipients.first(where: { $0.keyIdentifier == key.keyIdentifier }),
      let suite = start.protectionSuite, let scheme = WrappingScheme(rawValue: entry.scheme)
    else {
      throw Fault(
        PackageFault.recipientFound, at: Place(file, offset: first),
        expected: Hexadecimal.text(of: key.keyIdentifier), actual: "\(start.recipients.count)")
    }
    self.suite = suite
    let place = Place(file, offset: entry.wrappedKeyOffset)
    guard RecipientKey.isSound(entry.wrappedKey, scheme: scheme) else {
      throw StartPayload.unsound(entry, scheme, file: file)
    }
    let commitment: [UInt8]
    do throws(ProtectionError) {
      guard let unwrapped = try key.unwrap(entry.wrappedKey, scheme: scheme) else {
        throw ProtectionError.damaged(item: "")
      }
      contentKey = unwrapped
      commitment = try unwrapped.commitment(suite)
    } catch {
      throw ContentOpener.fault(error, .contentKeyUnwrapped, at: place)
    }
    guard commitment == start.commitment else {
      throw Fault(
        PackageFault.contentKeyCommitted, at: Place(file, offset: first < 32 ? 0 : first - 32),
        expected: Hexadecimal.text(of: start.commitment), actual: Hexadecimal.text(of: commitment))
    }
  }

  /// The cipher of a unit.
  func cipher(_ header: UnitHeader, identifier: [UInt8], at place: Place) throws(Fault) -> UnitCipher {
    do throws(ProtectionError) {
      return try UnitCipher(
        suite, contentKey, unitNumber: header.number, header: header.encoded, identifier: identifier)
    } catch {
      throw ContentOpener.fault(error, .chunkAuthentic, at: place)
    }
  }

  /// The content of a stored chunk.
  ///
  /// - Throws: `PackageFault.finalChunkInPlace`, `.chunkInPlace` or `.chunkAuthentic`, by what happened to it.
  static func open(
    _ stored: UnsafeRawBufferPointer, _ cipher: UnitCipher, chunk: UInt64, isFinal: Bool, at place: Place
  ) throws(Fault) -> [UInt8] {
    let damage: (fault: PackageFault, chunk: UInt64)
    do throws(ProtectionError) {
      if let content = try cipher.open(stored, chunk: chunk, isFinal: isFinal) { return content }
      damage = try cipher.diagnose(stored, chunk: chunk, isFinal: isFinal)
    } catch {
      throw fault(error, .chunkAuthentic, at: place)
    }
    throw Fault(damage.fault, at: place, expected: "\(chunk)", actual: "\(damage.chunk)")
  }

  /// What keeps a key from being used: the library, or else what the package holds.
  private static func fault(_ error: ProtectionError, _ code: PackageFault, at place: Place) -> Fault {
    guard case .refused(let operation, let reason) = error else { return Fault(code, at: place) }
    return Fault(DigestFault.available, .system, at: place, expected: operation, actual: reason)
  }
}

extension StartPayload {
  /// What is told of an entry whose wrapped key has not the construction of section 10.1.
  static func unsound(_ entry: RecipientEntry, _ scheme: WrappingScheme, file: String) -> Fault {
    Fault(
      PackageFault.wrappingSound, at: Place(file, offset: entry.wrappedKeyOffset),
      expected: scheme == .cms ? "CMS" : "SM2", actual: Hexadecimal.text(of: entry.keyIdentifier))
  }
}
