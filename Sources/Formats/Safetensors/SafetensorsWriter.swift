public import Compression
public import Numerics
public import Storage

/// Writes a safetensors file of tensors that come one at a time; it appears whole or not at all.
///
/// The header is written first, so that names and types are told before the elements. Wide elements come first in the file, so that each
/// tensor is aligned to its elements.
public struct SafetensorsWriter {
  /// A tensor of the file.
  public struct Entry: Sendable, Hashable {
    /// Its name.
    public var name: String
    /// Its type.
    public var type: ElementsType

    /// A tensor of the file.
    public init(name: String, type: ElementsType) {
      self.name = name
      self.type = type
    }
  }

  /// The places of the entries as they were given, in the order in which their elements are written.
  public let order: [Int]
  private let entries: [Entry]
  private let header: [UInt8]

  /// Whether the format has a name for elements of a type.
  public static func holds(_ type: ElementType) -> Bool { SafetensorsElementTypes.name(of: type) != nil }

  /// A file for tensors; nil where the format has no name for one of the types, or sizes do not fit into 63 bits.
  public init?(_ entries: [Entry]) {
    func width(_ index: Int) -> Int { entries[index].type.element.bits ?? 0 }
    order = entries.indices.sorted { (width($0), $1) > (width($1), $0) }
    self.entries = entries
    var end = 0
    var json: [UInt8] = Array("{".utf8)
    for (position, index) in order.enumerated() {
      let entry = entries[index]
      guard let name = SafetensorsElementTypes.name(of: entry.type.element) else { return nil }
      let (next, overflow) = end.addingReportingOverflow(entry.type.byteCount)
      if overflow { return nil }
      if position > 0 { json.append(UInt8(ascii: ",")) }
      json += JSONValue(.string(entry.name)).compact.utf8
      let shape = entry.type.dims.map(String.init).joined(separator: ",")
      json += ":{\"dtype\":\"\(name)\",\"shape\":[\(shape)],\"data_offsets\":[\(end),\(next)]}".utf8
      end = next
    }
    json.append(UInt8(ascii: "}"))
    json += Array(repeating: 0x20, count: (8 - json.count % 8) % 8)
    let length = UInt64(json.count)
    header = (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + json
  }

  /// Writes the file.
  ///
  /// - Parameters:
  ///   - elements: gives the elements of the entry with that index to the closure that it is given, for each of `order` in turn.
  /// - Throws: what it throws, and `OutputFault.writable`.
  public func write(
    to path: String, _ elements: ((Int, Elements) throws(Fault) -> Void) throws(Fault) -> Void
  ) throws(Fault) {
    let file = try AtomicFile(path)
    try file.append(header)
    var next = 0
    try elements { index, elements throws(Fault) in
      // Whoever gives them in another order has made a mistake that no output may hide.
      guard order.indices.contains(next), order[next] == index, elements.type == entries[index].type else {
        throw Fault(OutputFault.writable, .system, at: Place(path), actual: "tensor \(index) out of order")
      }
      next += 1
      try file.append(elements.bytes)
    }
    guard next == order.count else {
      throw Fault(OutputFault.writable, .system, at: Place(path), actual: "\(next) of \(order.count) tensors")
    }
    try file.commit()
  }
}
