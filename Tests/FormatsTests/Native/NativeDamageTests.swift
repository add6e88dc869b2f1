import Formats
import Representation
import Storage
import Testing

/// Whatever the bytes are, reading ends with a reading.
@Suite struct NativeDamageTests {
  private func read(_ bytes: [UInt8]) throws -> Reading {
    try NativeReader.read(MemoryTree(["m": bytes]), name: "m", limits: Limits())
  }

  @Test func everyTruncation() throws {
    let bytes = try NativeWriter.bytes(NativeExamples.full)
    for length in 0..<bytes.count {
      let reading = try read(Array(bytes.prefix(length)))
      #expect(!reading.faults.isEmpty, "\(length)")
      #expect(reading.known.count < Aspect.allCases.count, "\(length)")
    }
  }

  @Test func truncatedJSON() throws {
    let json = try NativeWriter.json(NativeExamples.full)
    for length in stride(from: 0, to: json.count, by: 37) {
      let reading = try read(Array(json.prefix(length)))
      #expect(!reading.faults.isEmpty, "\(length)")
    }
  }

  @Test func seededFlips() throws {
    let bytes = try NativeWriter.bytes(NativeExamples.full)
    var state: UInt64 = 0x9e37_79b9_7f4a_7c15
    func next(below bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    for _ in 0..<1000 {
      var damaged = bytes
      for _ in 0...next(below: 3) {
        damaged[next(below: damaged.count)] ^= UInt8(1 << next(below: 8))
      }
      let reading = try read(damaged)
      // What is still readable can be written again; nothing traps on the way.
      _ = try? NativeWriter.bytes(reading.model)
    }
  }

  @Test func limitsHold() throws {
    var limits = Limits()
    limits.entities = 10
    let bytes = try NativeWriter.bytes(NativeExamples.full)
    let reading = try NativeReader.read(MemoryTree(["m": bytes]), name: "m", limits: limits)
    #expect(
      reading.faults.entries.contains {
        $0.code == "native-structure-within-limit" && $0.kind == .unsupported
      })
    limits = Limits()
    limits.structureBytes = 100
    let refused = try NativeReader.read(MemoryTree(["m": bytes]), name: "m", limits: limits)
    #expect(refused.faults.entries.map(\.code) == ["native-structure-within-limit"])
    #expect(refused.known.isEmpty)
  }
}
