/// The two numbers of an ECDSA or SM2 signature, each of 32 bytes, most significant first.
struct SignaturePair: Equatable {
  let r: [UInt8]
  let s: [UInt8]

  /// The numbers in `SEQUENCE { INTEGER r, INTEGER s }`, strict DER and nothing after.
  ///
  /// - Returns: nil for any other encoding, and unless 0 < r, s < `order`.
  init?(_ signature: [UInt8], order: [UInt8]) {
    var outer = DERReader(signature)
    guard var fields = outer.enter(DERReader.Tag.sequence), outer.isAtEnd, let r = fields.natural(),
      let s = fields.natural(), fields.isAtEnd
    else { return nil }
    guard let r = SignaturePair.number(r, below: order), let s = SignaturePair.number(s, below: order) else {
      return nil
    }
    self.r = r
    self.s = s
  }

  private init(r: [UInt8], s: [UInt8]) {
    self.r = r
    self.s = s
  }

  /// Whether s ≤ (n − 1) / 2, where n is the order, which is odd.
  func isLow(order: [UInt8]) -> Bool {
    // Not n − s < s, which is to say 2 s < n.
    !SignaturePair.difference(order, s).lexicographicallyPrecedes(s)
  }

  /// The one of the two equivalent signatures whose s is low.
  func low(order: [UInt8]) -> SignaturePair {
    isLow(order: order) ? self : SignaturePair(r: r, s: SignaturePair.difference(order, s))
  }

  /// `SEQUENCE { INTEGER r, INTEGER s }` in DER.
  var encoding: [UInt8] {
    let content = SignaturePair.integer(r) + SignaturePair.integer(s)
    return [DERReader.Tag.sequence, UInt8(content.count)] + content
  }

  /// A positive number of at most 32 bytes, padded to 32.
  private static func number(_ bytes: ArraySlice<UInt8>, below order: [UInt8]) -> [UInt8]? {
    guard !bytes.isEmpty, bytes.count <= order.count else { return nil }
    let padded = [UInt8](repeating: 0, count: order.count - bytes.count) + bytes
    return padded.lexicographicallyPrecedes(order) ? padded : nil
  }

  /// `left - right`, both of as many bytes, where it is not negative.
  private static func difference(_ left: [UInt8], _ right: [UInt8]) -> [UInt8] {
    var result = left
    var borrow = 0
    for index in left.indices.reversed() {
      let value = Int(left[index]) - Int(right[index]) - borrow
      borrow = value < 0 ? 1 : 0
      result[index] = UInt8(truncatingIfNeeded: value)
    }
    return result
  }

  private static func integer(_ number: [UInt8]) -> [UInt8] {
    var digits = Array(number.drop { $0 == 0 })
    if digits.first.map({ $0 >= 0x80 }) ?? true { digits.insert(0, at: 0) }
    return [DERReader.Tag.integer, UInt8(digits.count)] + digits
  }
}
