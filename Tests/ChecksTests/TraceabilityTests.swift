import Foundation
import Profile
import Testing

@testable import Checks

/// The link between requirements, checks and fault codes is closed: nothing is asked that nobody judges, and nothing is judged
/// that nobody asks.
@Suite("Traceability") struct TraceabilityTests {
  private let requirements = Set(Catalogue.published.requirements.map(\.key))
  private let checks = allChecks.map(\.key)
  private let codes = allFaultCodes.values.flatMap(\.self)

  @Test("Every requirement has a check or a fault code")
  func everyRequirementIsJudged() {
    #expect(requirements.subtracting(checks).subtracting(codes).sorted() == [])
  }

  @Test("Every check has a requirement, and no requirement two checks")
  func everyCheckIsAsked() {
    #expect(Set(checks).subtracting(requirements).sorted() == [])
    #expect(checks.count == Set(checks).count)
  }

  @Test("Every fault code has a requirement, and stands in one enumeration")
  func everyFaultCodeIsAsked() {
    #expect(Set(codes).subtracting(requirements).sorted() == [])
    #expect(codes.count == Set(codes).count)
  }

  /// Faults of writing, of transfers and of the system's libraries: no reader logs them about a sample.
  private static let ofTheTool: Set = ["OutputFault", "DigestFault", "TransferFault"]
  /// Faults of clause 7 whose requirements are drafts: commands name them, `validate` does not judge by them yet.
  private static let ofDrafts: Set = ["VendorFault"]

  @Test("Every enumeration of fault codes in the sources is in the list")
  func noFaultCodeIsForgotten() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let sources = FileManager.default.enumerator(
      at: root.appending(path: "Sources"), includingPropertiesForKeys: nil)
    var declared: Set<String> = []
    for case let file as URL in try #require(sources) where file.pathExtension == "swift" {
      let text = try String(contentsOf: file, encoding: .utf8)
      for match in text.matches(of: /enum (\w+)\s*:\s*String,\s*FaultCode\b/) {
        declared.insert(String(match.1))
      }
    }
    #expect(declared.count >= 4)
    #expect(
      declared.subtracting(Self.ofTheTool).subtracting(Self.ofDrafts).sorted() == allFaultCodes.keys.sorted())
  }
}
