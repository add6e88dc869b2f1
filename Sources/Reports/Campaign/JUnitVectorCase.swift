import Profile

/// One vector tried on one implementation, as a test case.
struct JUnitVectorCase: JUnitCase {
  private let tried: CampaignReport.Case

  init(_ tried: CampaignReport.Case) {
    self.tried = tried
  }

  var name: String { tried.vector }
  var verdict: Verdict { tried.verdict }
  var failureType: String { tried.requirements.first ?? tried.vector }
  var file: String { "vectors/\(tried.clause)/\(tried.vector)/vector.yaml" }
  var hasOutput: Bool { false }
  var headline: String { JUnitText.line(tried.purpose) }

  var body: String {
    let reason = tried.reason ?? tried.purpose
    return "\(reason.zh)\n\(reason.en)"
  }

  var properties: JUnitProperties {
    var properties = JUnitProperties()
    properties.add("requirements", tried.requirements.joined(separator: " "))
    properties.add("verdict", tried.verdict.rawValue)
    return properties
  }
}
