import Packaging
import Storage
import Testing

/// Values of the example in chapter 8.2, section 12, and others that `printf … | sha256sum` gives.
@Suite("Hash tree")
struct HashTreeTests {
  @Test("A leaf is kept apart from the plain digest of its bytes")
  func leaf() throws {
    let leaf = try HashTree.leaf(Array("abc".utf8))
    #expect(leaf.hex == "609f6e36d2405585188d5cfd761f407c7cc46a7d3f314c88270469dde315fcd1")
    #expect(try HashTree.root(of: [leaf]) == leaf)
  }

  @Test("The root of the package in the example, over two units")
  func unitsAndRoot() throws {
    let start = Hexadecimal.bytes(of: "30d618147c89ee1d79baebb53ac5e7d9842de8c731b57413a2160082a9382e1b")
    let parameters = Hexadecimal.bytes(of: "44ccfe3b8ac6960ed99e1b1eb32e18d116fed488069738cd84240cbcdd24b0e5")
    let hashes = [try #require(start), try #require(parameters)].map { Digest(.sha256, bytes: $0) }
    #expect(
      try HashTree.root(of: hashes).hex == "7be656b88e2c50d16e80a00d29ad918803c9b2c47f3250b2a3d20497e73398e1")
    let header = try #require(
      Hexadecimal.bytes(of: "89504d500d0a1a0a0500010001000000030000000000000" + "00d00000000000000"))
    let unit = try HashTree.unit(
      header: header, identifier: Array("w.safetensors".utf8), length: 3,
      root: HashTree.leaf(Array("abc".utf8)))
    #expect(unit == hashes[1])
  }

  @Test("A third hash moves up as it is")
  func odd() throws {
    let leaves = try ["a", "b", "c"].map { try HashTree.leaf(Array($0.utf8)) }
    let expected = try HashTree.node(HashTree.node(leaves[0], leaves[1]), leaves[2])
    #expect(try HashTree.root(of: leaves) == expected)
  }

  @Test(
    "Chunks of a payload",
    arguments: [(0, 1), (1, 1), (1 << 20, 1), (1 << 20 + 1, 2), (UInt64.max, 1 << 44)] as [(UInt64, UInt64)])
  func chunks(length: UInt64, count: UInt64) {
    #expect(HashTree.chunkCount(of: length) == count)
  }
}
