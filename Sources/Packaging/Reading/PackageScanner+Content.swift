import Storage

/// How the content of a package is passed on while it is read, and what decrypting says of it.
extension PackageScanner {
  /// What takes the payload of a unit whose header was judged; nil where nothing does.
  func receiver(
    of header: UnitHeader, _ identifier: [UInt8], at offset: UInt64
  ) throws(Fault) -> (any PayloadReceiver)? {
    let isEncrypted = header.flags.contains(.encrypted)
    guard header.type.isContent || isEncrypted, let start = order.start, let content = options.receiver else {
      return nil
    }
    do throws(Fault) {
      let receiver = try content.begin(header, identifier: identifier, at: offset, start: start)
      if isEncrypted, receiver != nil { isKeyTried = true }
      return receiver
    } catch {
      // What keeps one unit from being taken keeps every other one.
      options.receiver = nil
      questions.leaveOpen(PackageQuestions.ofTheKey)
      guard error.kind != .system else { throw error }
      try settle()
      // An unsound wrapping was told when the start unit was read, whoever it is for.
      if error.code != PackageFault.wrappingSound.rawValue { log(error) }
      return nil
    }
  }

  /// Takes back what decrypting said of a unit that is not the one in the index: that it cannot be decrypted follows from that.
  func dropRefusals(ofUnit number: Int) {
    guard refusals.removeValue(forKey: number) != nil else { return }
    questions.leaveOpen(PackageQuestions.ofTheTags)
  }

  /// Tells what decrypting said of units that are those that were packed, as far as anything can say so without a key.
  func concludeTags() {
    for (_, faults) in refusals.sorted(by: { $0.key < $1.key }) { scan.faults.append(faults) }
    guard options.receiver != nil, !scan.isComplete else { return }
    questions.leaveOpen(isKeyTried ? PackageQuestions.ofTheTags : PackageQuestions.ofTheKey)
  }
}
