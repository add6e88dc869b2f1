/// Protocol Buffers messages written by hand, byte for byte, independent of the reader under test.
struct ONNXBytes {
  var bytes: [UInt8] = []

  init() {}

  static func varint(_ value: UInt64) -> [UInt8] {
    var rest = value
    var bytes: [UInt8] = []
    while rest >= 0x80 {
      bytes.append(UInt8(rest & 0x7f) | 0x80)
      rest >>= 7
    }
    return bytes + [UInt8(rest)]
  }

  func integer(_ number: UInt64, _ value: Int64) -> ONNXBytes {
    adding(Self.varint(number << 3) + Self.varint(UInt64(bitPattern: value)))
  }

  func float(_ number: UInt64, _ value: Float) -> ONNXBytes {
    let bits = value.bitPattern
    return adding(Self.varint(number << 3 | 5) + (0..<4).map { UInt8(truncatingIfNeeded: bits >> (8 * $0)) })
  }

  func bytes(_ number: UInt64, _ value: [UInt8]) -> ONNXBytes {
    adding(Self.varint(number << 3 | 2) + Self.varint(UInt64(value.count)) + value)
  }

  func text(_ number: UInt64, _ value: String) -> ONNXBytes { bytes(number, Array(value.utf8)) }

  func message(_ number: UInt64, _ value: ONNXBytes) -> ONNXBytes { bytes(number, value.bytes) }

  func message(_ number: UInt64, _ build: (ONNXBytes) -> ONNXBytes) -> ONNXBytes {
    message(number, build(ONNXBytes()))
  }

  func packed(_ number: UInt64, _ values: [Int64]) -> ONNXBytes {
    bytes(number, values.flatMap { Self.varint(UInt64(bitPattern: $0)) })
  }

  private func adding(_ more: [UInt8]) -> ONNXBytes {
    var result = self
    result.bytes += more
    return result
  }
}

extension ONNXBytes {
  /// A value of 32-bit floating-point elements with a shape [2].
  static func value(_ name: String) -> ONNXBytes {
    ONNXBytes().text(1, name).message(2) {
      $0.message(1) { $0.integer(1, 1).message(2) { $0.message(1) { $0.integer(1, 2) } } }
    }
  }

  /// A node y = Add(x, w).
  static let add = ONNXBytes().text(1, "x").text(1, "w").text(2, "y").text(4, "Add")

  /// A tensor w of two 32-bit floating-point elements in the raw field.
  static let weight = ONNXBytes().integer(1, 2).integer(2, 1).text(8, "w").bytes(
    9, [0, 0, 128, 63, 0, 0, 0, 64])

  /// A graph y = x + w.
  static func graph(_ initializer: ONNXBytes? = weight) -> ONNXBytes {
    let start = ONNXBytes().message(1, add).text(2, "g")
    let middle = initializer.map { start.message(5, $0) } ?? start
    return middle.message(11, value("x")).message(12, value("y"))
  }

  /// A model of that graph.
  static func model(_ graph: ONNXBytes = graph(), version: Int64 = 10) -> ONNXBytes {
    ONNXBytes().integer(1, version).text(2, "hand").text(3, "1.0").message(7, graph).message(8) {
      $0.text(1, "").integer(2, 20)
    }
  }
}
