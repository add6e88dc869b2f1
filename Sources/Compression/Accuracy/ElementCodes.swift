import Numerics

/// The bits of elements, apart from what they stand for: for what is asked bit by bit.
struct ElementCodes {
  private let elements: Elements

  init(_ elements: Elements) {
    self.elements = elements
  }

  /// The bits of an element; of a complex one those of its parts.
  func bits(_ place: Int) -> [UInt64?] {
    elements.bytes.withUnsafeBytes { bytes in
      let (type, parts) = elements.type.element.components
      return (0..<parts).map { type.code(at: UInt64(place * parts + $0), in: bytes) }
    }
  }

  /// Whether the elements at two places have the same bits.
  func areSame(_ first: Int, _ second: Int) -> Bool { bits(first) == bits(second) }

  /// How many elements differ from those of another tensor of the same type, and the first of them.
  func differences(from other: Elements) -> (count: Int, first: Int?) {
    guard elements.bytes != other.bytes else { return (0, nil) }
    var count = 0
    var first: Int?
    elements.bytes.withUnsafeBytes { ours in
      other.bytes.withUnsafeBytes { theirs in
        let (type, parts) = elements.type.element.components
        func compare<Code: FixedWidthInteger>(_: Code.Type) {
          let (a, b) = (ours.bindMemory(to: Code.self), theirs.bindMemory(to: Code.self))
          for index in 0..<elements.type.count where a[index] != b[index] {
            if first == nil { first = index }
            count += 1
          }
        }
        switch type.bits {
        case 8 where parts == 1: compare(UInt8.self)
        case 16 where parts == 1: compare(UInt16.self)
        case 32 where parts == 1: compare(UInt32.self)
        case 64 where parts == 1: compare(UInt64.self)
        default:
          for index in 0..<elements.type.count {
            let isSame = (0..<parts).allSatisfy { part in
              let place = UInt64(index * parts + part)
              return type.code(at: place, in: ours) == type.code(at: place, in: theirs)
            }
            if isSame { continue }
            if first == nil { first = index }
            count += 1
          }
        }
      }
    }
    return (count, first)
  }

  /// The first element that differs from the one that stands for its place in a block-circulant matrix; nil where there is none.
  func brokenCirculant(block: Int) -> Int? {
    let dims = elements.type.dims
    guard dims.count == 2, block >= 1, !dims.contains(0) else { return nil }
    let (rows, columns) = (dims[0], dims[1])
    for top in stride(from: 0, to: rows, by: block) {
      for left in stride(from: 0, to: columns, by: block) {
        var first = [Int](repeating: -1, count: block)
        for row in top..<min(top + block, rows) {
          for column in left..<min(left + block, columns) {
            let turn = (row - top - (column - left) + block) % block
            let place = row * columns + column
            if first[turn] < 0 {
              first[turn] = place
            } else if !areSame(first[turn], place) {
              return place
            }
          }
        }
      }
    }
    return nil
  }
}

extension ElementsType {
  /// A place as its indices: `[3, 17]`.
  func indices(of place: Int) -> String {
    var rest = place
    var indices: [String] = []
    for dim in dims.reversed() {
      indices.append("\(dim > 0 ? rest % dim : 0)")
      rest = dim > 0 ? rest / dim : 0
    }
    return "[\(indices.reversed().joined(separator: ", "))]"
  }
}
