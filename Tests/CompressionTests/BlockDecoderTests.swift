import Representation
import Storage
import Testing

@testable import Compression

/// The decoders of blocks against the second implementation (conformance/oracle/gguf_blocks.py), which was compared with the package gguf.
@Suite struct BlockDecoderTests {
  private func bytes(_ digits: String) throws -> [UInt8] {
    let digits = digits.filter { !$0.isWhitespace }
    return try stride(from: 0, to: digits.count, by: 2).map { place in
      let start = digits.index(digits.startIndex, offsetBy: place)
      return try #require(UInt8(digits[start..<digits.index(start, offsetBy: 2)], radix: 16))
    }
  }

  private func decoded(_ blocks: [UInt8], _ layout: BlockLayout) throws -> [Float] {
    let decoder = try #require(BlockDecoder(layout: layout))
    let count = blocks.count / decoder.bytes
    return blocks.withUnsafeBytes { blocks in
      [Float](unsafeUninitializedCapacity: count * decoder.elements) { elements, written in
        written = decoder.decode(blocks, into: elements) * decoder.elements
      }
    }
  }

  private func digest(_ elements: [Float]) throws -> String {
    try Digest.of(
      elements.flatMap { element in (0..<4).map { UInt8(truncatingIfNeeded: element.bitPattern >> (8 * $0)) }
      },
      .sha256
    ).hex
  }

  @Test(arguments: BlockFixture.all.map(\.name))
  func decodesAsTheSecondImplementationDoes(name: String) throws {
    let fixture = try #require(BlockFixture.all.first { $0.name == name })
    let blocks = try bytes(fixture.digits)
    let elements = try decoded(
      blocks, BlockLayout(name: name, elements: fixture.elements, bytes: fixture.bytes))
    #expect(elements.count == 10 * Int(fixture.elements))
    #expect(try digest(elements) == fixture.digest)

    let bigEndian = BlockLayout(
      name: name, elements: fixture.elements, bytes: fixture.bytes, isBigEndian: true)
    guard let turned = fixture.turned else {
      #expect(BlockDecoder(layout: bigEndian) == nil)
      return
    }
    var other = blocks
    for block in stride(from: 0, to: blocks.count, by: Int(fixture.bytes)) {
      for (place, width) in turned {
        other[block + place..<block + place + width].reverse()
      }
    }
    #expect(try digest(decoded(other, bigEndian)) == fixture.digest)
  }

  @Test func decodesEveryTypeOfTheTable() {
    #expect(BlockKind.all.map(\.name).sorted() == BlockFixture.all.map(\.name).sorted())
  }

  @Test(arguments: BlockGrid.allCases) func unpacksGrids(grid: BlockGrid) throws {
    let points = grid.points
    #expect(points.count == grid.form.points * grid.form.width)
    let bytes = (0..<points.count).map { UInt8(bitPattern: points.start[$0]) }
    #expect(try Digest.of(bytes, .sha256).hex == BlockFixture.grids[grid.rawValue])
  }

  @Test func decodesABlockWorkedOutByHand() throws {
    // Q4_0: scale 0.5; byte k holds k in its low half and 15 − k in its high half.
    let block: [UInt8] = [0x00, 0x38] + (0..<16).map { UInt8($0 | (15 - $0) << 4) }
    let expected = (0..<16).map { 0.5 * Float($0 - 8) } + (0..<16).map { 0.5 * Float(7 - $0) }
    #expect(try decoded(block, BlockLayout(name: "Q4_0", elements: 32, bytes: 18)) == expected)
    // 0 × −1 is −0; an infinite scale gives NaN where the number is 0.
    let zero = try decoded([0, 0, 0xFF] + [UInt8](repeating: 0, count: 31), .q8)
    #expect(zero[0].sign == .minus && zero[1].sign == .plus)
    let infinite = try decoded([0, 0x7C, 0, 1, 0xFF] + [UInt8](repeating: 0, count: 29), .q8)
    #expect(infinite[0].isNaN && infinite[1] == .infinity && infinite[2] == -.infinity)
  }

  @Test func decodesWholeBlocksOnlyAndOnlyWhereThereIsRoom() throws {
    let decoder = try #require(BlockDecoder(layout: .q8))
    let blocks = [UInt8](repeating: 1, count: 34 * 3 - 1)
    var elements = [Float](repeating: 7, count: 100)
    elements.withUnsafeMutableBufferPointer { elements in
      blocks.withUnsafeBytes { blocks in
        #expect(decoder.decode(blocks, into: elements) == 2)
        #expect(decoder.decode(blocks, into: UnsafeMutableBufferPointer(rebasing: elements[..<63])) == 1)
        #expect(decoder.decode(UnsafeRawBufferPointer(start: nil, count: 0), into: elements) == 0)
      }
    }
    #expect(elements[64...].allSatisfy { $0 == 7 })
  }

  @Test func knowsNoOtherTypesNorSizes() {
    #expect(BlockDecoder(layout: BlockLayout(name: "Q4_2", elements: 16, bytes: 10)) == nil)
    #expect(BlockDecoder(layout: BlockLayout(name: "F32", elements: 1, bytes: 4)) == nil)
    #expect(BlockDecoder(layout: BlockLayout(name: "Q8_1", elements: 32, bytes: 40)) == nil)
  }
}

extension BlockLayout {
  fileprivate static let q8 = BlockLayout(name: "Q8_0", elements: 32, bytes: 34)
}
