import Foundation
import Testing

/// What `serve` refuses before it serves anything; the rest is tried by conformance/integration/transfer_nginx.py.
@Suite("serve") struct ServeTests {
  @Test("A package or a folder of segments, and an address, or none at all")
  func refusals() throws {
    let folder = try TemporaryFolder()
    try folder.write("text.pmp", "no package")
    #expect(try Tool.run(["serve"]).status == 64)
    #expect(try Tool.run(["serve", folder["text.pmp"]]).status == 3)
    #expect(try Tool.run(["serve", folder.path]).status == 3)
    #expect(try Tool.run(["serve", folder["missing.pmp"]]).status == 74)
    #expect(try Tool.run(["serve", folder["text.pmp"], "--listen", "8042"]).status == 64)
  }
}
