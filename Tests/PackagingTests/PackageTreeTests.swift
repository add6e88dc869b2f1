import Packaging
import Storage
import Testing

/// Reading at random: a package as a tree of files.
@Suite("Package tree")
struct PackageTreeTests {
  private func tree(_ bytes: [UInt8]) throws -> PackageTree {
    try PackageTree(MemoryByteSource(name: "x.pmp", bytes))
  }

  @Test("The files of a package that the implementation in Python wrote")
  func files() throws {
    let tree = try tree(OraclePackages.signed)
    var faults = FaultLog()
    #expect(
      try tree.names(&faults) == OraclePackages.files.map(\.name).sorted { ExactString($0) < ExactString($1) }
    )
    for (name, bytes) in OraclePackages.files {
      let file = try tree.open(name)
      #expect(file.size == UInt64(bytes.count))
      #expect(try file.bytes(at: 0, count: bytes.count) == bytes)
    }
    #expect(tree.signatures.map(\.isValid) == [true])
    #expect(tree.contains("词表/词.txt") && !tree.contains("词表"))
    #expect(throws: Fault.self) { try tree.open("nothing") }
    #expect(throws: Fault.self) { try tree.open("../config.json") }
  }

  @Test("Parts of a file", arguments: [0..<0, 0..<256, 3..<7, 255..<256])
  func parts(range: Range<Int>) throws {
    let file = try tree(OraclePackages.unsigned).open("model.safetensors")
    let bytes = try file.bytes(at: UInt64(range.lowerBound), count: range.count)
    #expect(bytes == Array(range).map { UInt8($0) })
    #expect(throws: Fault.self) { try file.bytes(at: 200, count: 57) }
  }

  @Test("No byte is given out that is not the one that was packed")
  func damage() throws {
    let package = OraclePackages.signed
    for position in package.indices {
      var damaged = package
      damaged[position] ^= 0x10
      guard let tree = try? tree(damaged) else { continue }
      for (name, bytes) in OraclePackages.files where tree.contains(name) {
        guard let read = try? tree.open(name).bytes(at: 0, count: bytes.count) else { continue }
        #expect(read == bytes, "\(position)")
      }
    }
  }

  @Test("A package that was cut off, or has something after its end, is not opened")
  func truncation() throws {
    for size in OraclePackages.signed.indices {
      #expect(throws: Fault.self) { try tree(Array(OraclePackages.signed.prefix(size))) }
    }
    #expect(throws: Fault.self) { try tree(OraclePackages.signed + [0]) }
  }
}
