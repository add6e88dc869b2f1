// Generated from conformance/requirements/*.yaml by generate-catalogue; do not edit.

enum GeneratedCatalogue {
  static let profile = "2026.1"
  static let requirements: [Requirement] = []
}
