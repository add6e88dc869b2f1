public import Compression

/// What compressing a model came to.
public struct CompressionOutcome: Sendable {
  /// A variable that came back otherwise than it went in.
  public struct Loss: Sendable {
    /// Its name.
    public var name: String
    /// How far what comes back is from what went in.
    public var sums: FidelitySums
  }

  /// The number of variables with elements.
  public internal(set) var tensors = 0
  /// How many of them have a chain.
  public internal(set) var compressed = 0
  /// The bytes of all elements before.
  public internal(set) var bytesBefore: UInt64 = 0
  /// The bytes that are stored for them.
  public internal(set) var bytesAfter: UInt64 = 0
  /// The elements of what has a chain.
  public internal(set) var chainElements: UInt64 = 0
  /// The bytes that are stored for what has a chain.
  public internal(set) var chainBytes: UInt64 = 0
  /// The losses of floating parameters, in the order of the model.
  public internal(set) var losses: [Loss] = []
  /// The loss of all floating parameters together.
  public internal(set) var total = FidelitySums()

  /// Stored bits for each element of what has a chain; nil where nothing has.
  public var bitsPerWeight: Double? {
    chainElements == 0 ? nil : 8 * Double(chainBytes) / Double(chainElements)
  }
  /// Bytes before for each byte after; nil where nothing is stored.
  public var ratio: Double? { bytesAfter == 0 ? nil : Double(bytesBefore) / Double(bytesAfter) }
}
