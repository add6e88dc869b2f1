import Compression
import Numerics
import Testing

@Suite struct ElementsTests {
  @Test func countsElementsAndBytes() throws {
    let type = try #require(ElementsType(.i4, [3, 5]))
    #expect(type.count == 15)
    #expect(type.byteCount == 8)
    #expect(type.notation == "i4[3, 5]")
    #expect(ElementsType(.f32, [])?.count == 1)
  }

  @Test func refusesWhatDoesNotFit() {
    #expect(ElementsType(.string, [1]) == nil)
    #expect(ElementsType(.u8, [-1]) == nil)
    #expect(ElementsType(.u8, [Int.max, Int.max, 0]) == nil)
    #expect(ElementsType(.f64, [1 << 58]) == nil)
  }
}
