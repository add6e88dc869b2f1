import Profile
import Representation
import Storage

/// `contributor-names-present`: every entry says who it speaks of.
struct ContributorNamesPresent: Check {
  let key = "contributor-names-present"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    for (contributor, path) in sample.model.placedContributors
    where contributor.name == nil {
      findings.add(at: sample.place(path.field("name")))
    }
  }
}

/// `contributor-organisations-present`: every entry says where its person can be reached in a year's time.
struct ContributorOrganisationsPresent: Check {
  let key = "contributor-organisations-present"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    for (contributor, path) in sample.model.placedContributors
    where contributor.organisation == nil && contributor.role != "organisation" {
      findings.add(at: sample.place(path.field("organisation")), actual: contributor.name)
    }
  }
}

/// `contributors-distinct`: no entry stands twice.
struct ContributorsDistinct: Check {
  let key = "contributors-distinct"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) {
    var seen: Set<[ExactString?]> = []
    for (contributor, path) in sample.model.placedContributors {
      let entry = [contributor.name, contributor.organisation, contributor.email, contributor.role]
        .map { $0.map(ExactString.init) }
      if !seen.insert(entry).inserted { findings.add(at: sample.place(path), actual: contributor.name) }
    }
  }
}

/// The checks of the contributors and of the modalities.
let contributorChecks: [any Check] = [
  PresenceCheck("contributor-list-present", .model.field("contributors")) { !$0.contributors.isEmpty },
  ContributorNamesPresent(),
  FormCheck(
    "contributor-emails-form", expected: "local@example.com",
    texts: { model in
      model.placedContributors.compactMap { contributor, path in
        contributor.email.map { PlacedText(text: $0, path: path.field("email")) }
      }
    }, accepts: TextForm.isEmailAddress),
  ContributorOrganisationsPresent(),
  EnumerationCheck("contributor-roles-known", list: "roles") { model in
    model.placedContributors.compactMap { contributor, path in
      contributor.role.map { PlacedText(text: $0, path: path.field("role")) }
    }
  },
  ContributorsDistinct(),
  PresenceCheck("modalities-present", .model.field("modalities")) { !$0.modalities.isEmpty },
  EnumerationCheck("modalities-known", list: "modalities", texts: \.placedModalities),
  DistinctCheck("modalities-distinct", texts: \.placedModalities),
]

extension Model {
  fileprivate var placedModalities: [PlacedText] {
    modalities.enumerated().map { PlacedText(text: $1, path: .model.element("modalities", $0)) }
  }
}
