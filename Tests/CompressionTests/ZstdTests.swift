import Compression
import Numerics
import Representation
import Storage
import Testing

@Suite struct ZstdTests {
  /// 0 … 15 four times, as the library's binding for Python codes it, with a checksum and without.
  private static let frame = "28b52ffd2440c5000088000102030405060708090a0b0c0d0e0f00010099682e01a0832972"
  private static let unchecked = "28b52ffd2040bd000080000102030405060708090a0b0c0d0e0f01009a682e01"
  private static let unsized = "28b52ffd0000bd000080000102030405060708090a0b0c0d0e0f01009a682e01"

  private func end(_ hex: String, _ count: Int64 = 64) -> Seen? {
    refusal(
      compressed(TensorType(.u8, shape: [count]), [.zstd], inline(.u8, [Int64(hex.utf8.count / 2)], hex)))
  }

  private func at(_ code: CompressionFault) -> Seen { Seen(code, "x.stages[0]") }

  @Test func decodesFrames() throws {
    for frame in [Self.frame, Self.unchecked] {
      let tensor = compressed(
        TensorType(.u8, shape: [8, 8]), [.zstd], inline(.u8, [Int64(frame.utf8.count / 2)], frame))
      #expect(try decoder().elements(of: tensor, at: "x").bytes == (0..<64).map { $0 % 16 })
    }
    #expect(ZstdStage.hasChecksum(Hexadecimal.bytes(of: Self.frame) ?? []) == true)
    #expect(ZstdStage.hasChecksum(Hexadecimal.bytes(of: Self.unchecked) ?? []) == false)
    #expect(ZstdStage.hasChecksum([]) == nil)
  }

  @Test func refusesFramesThatAreNotAsAsked() {
    #expect(end(Self.unsized) == at(.zstdContentSize))
    #expect(end(Self.frame, 63) == at(.zstdContentSize))
    #expect(end(Self.frame + "00") == at(.zstdOneFrame))
    #expect(end(Self.frame + Self.frame) == at(.zstdOneFrame))
    #expect(end("502a4d1800000000" + Self.frame) == at(.zstdOneFrame))
    // A dictionary, a window of 2^24, a reserved bit, a damaged checksum.
    #expect(end("28b52ffd2107" + "40c5000088") == at(.zstdNoDictionary))
    #expect(end("28b52ffd80" + "70" + "40000000" + "010000") == at(.zstdWindowWithinLimit))
    #expect(end("28b52ffd2c" + "40c5000088") == at(.zstdFrameReadable))
    #expect(end(String(Self.frame.dropLast(2)) + "73") == at(.zstdFrameReadable))
  }

  @Test func refusesFramesThatAreCutAnywhere() {
    for count in 0..<Self.frame.utf8.count / 2 {
      #expect(end(String(Self.frame.prefix(2 * count))) == at(.zstdFrameReadable))
    }
  }

  /// A frame without a window of its own that says it holds 16 EiB.
  @Test func refusesContentBeyondAllBounds() {
    #expect(end("28b52ffde0" + "ffffffffffffffff" + "010000") == at(.zstdContentSize))
    let most = Int64(1) << 59
    #expect(
      end("28b52ffde0" + "0000000000000008" + "010000", most)
        == Seen(.compressionExpansionWithinLimit, "x", .unsupported))
  }

  @Test(arguments: [1, 3, 19, 22]) func encodesWithinTheLimits(_ level: Int) throws {
    // More than a window, and nothing that only many bytes of code could tell.
    var bytes = [UInt8](repeating: 7, count: 9 << 20)
    for index in 0..<4096 { bytes[index * 2039] = UInt8(truncatingIfNeeded: index &* 197 >> 3) }
    let x = try elements(.u8, [bytes.count], bytes)
    let made = try #require(try ZstdStage.encode(x, level: level).output)
    #expect(ZstdStage.hasChecksum(made.bytes) == true)
    let tensor = compressed(x.type.tensorType, [.zstd], made.inlineTensor)
    #expect(try decoder().elements(of: tensor, at: "x") == x)
    #expect(try ZstdStage.encode(try elements(.f32, [0], [])).output != nil)
  }
}
