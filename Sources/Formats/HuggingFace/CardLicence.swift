import Licences
import Representation

/// The licences that Hugging Face lists for model cards, and other names of licences, as SPDX licence expressions.
enum CardLicence {
  /// The SPDX expression for a licence of a card; nil for one that says nothing (`unknown`).
  ///
  /// What SPDX itself can read and lists stays as it is.
  static func identifier(_ licence: String) -> String? {
    let lower = licence.lowercased()
    if licence.isBlank || lower == "unknown" { return nil }
    if let identifier = spdx[lower] { return identifier }
    if let expression = try? LicenceExpression(licence), expression.isListed { return licence }
    return reference(licence)
  }

  /// Whether an expression that `identifier` gave only stands for other words.
  static func isReference(_ identifier: String, insteadOf licence: String) -> Bool {
    identifier.hasPrefix("LicenseRef-") && !identifier.utf8.elementsEqual(licence.utf8)
  }

  /// Whether Hugging Face lists the licence.
  static func isListed(_ licence: String) -> Bool {
    let lower = licence.lowercased()
    return spdx[lower] != nil || references.contains(lower) || lower == "other" || lower == "unknown"
  }

  /// A reference to a licence that SPDX does not list, with other characters than SPDX allows replaced; without a letter or digit that
  /// SPDX allows, nothing of the name is left to refer by.
  private static func reference(_ name: String) -> String {
    let text = name.unicodeScalars.map { scalar -> Character in
      let isAllowed =
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
        || scalar == "-" || scalar == "."
      return isAllowed ? Character(scalar) : "-"
    }
    let name = text.prefix(200)
    return "LicenseRef-" + (name.contains { $0.isLetter || $0.isNumber } ? String(name) : "other")
  }

  private static let spdx: [String: String] = [
    "apache-2.0": "Apache-2.0", "mit": "MIT", "afl-3.0": "AFL-3.0", "artistic-2.0": "Artistic-2.0",
    "bsl-1.0": "BSL-1.0", "bsd-2-clause": "BSD-2-Clause", "bsd-3-clause": "BSD-3-Clause",
    "bsd-3-clause-clear": "BSD-3-Clause-Clear", "c-uda": "C-UDA-1.0", "cc0-1.0": "CC0-1.0",
    "cc-by-2.0": "CC-BY-2.0", "cc-by-2.5": "CC-BY-2.5", "cc-by-3.0": "CC-BY-3.0", "cc-by-4.0": "CC-BY-4.0",
    "cc-by-sa-3.0": "CC-BY-SA-3.0", "cc-by-sa-4.0": "CC-BY-SA-4.0", "cc-by-nc-2.0": "CC-BY-NC-2.0",
    "cc-by-nc-3.0": "CC-BY-NC-3.0", "cc-by-nc-4.0": "CC-BY-NC-4.0", "cc-by-nd-4.0": "CC-BY-ND-4.0",
    "cc-by-nc-nd-3.0": "CC-BY-NC-ND-3.0", "cc-by-nc-nd-4.0": "CC-BY-NC-ND-4.0",
    "cc-by-nc-sa-2.0": "CC-BY-NC-SA-2.0", "cc-by-nc-sa-3.0": "CC-BY-NC-SA-3.0",
    "cc-by-nc-sa-4.0": "CC-BY-NC-SA-4.0", "cdla-sharing-1.0": "CDLA-Sharing-1.0",
    "cdla-permissive-1.0": "CDLA-Permissive-1.0", "cdla-permissive-2.0": "CDLA-Permissive-2.0",
    "wtfpl": "WTFPL",
    "ecl-2.0": "ECL-2.0", "epl-1.0": "EPL-1.0", "epl-2.0": "EPL-2.0", "etalab-2.0": "etalab-2.0",
    "eupl-1.1": "EUPL-1.1", "eupl-1.2": "EUPL-1.2", "agpl-3.0": "AGPL-3.0-only", "gpl-2.0": "GPL-2.0-only",
    "gpl-3.0": "GPL-3.0-only", "lgpl-2.1": "LGPL-2.1-only", "lgpl-3.0": "LGPL-3.0-only", "isc": "ISC",
    "lppl-1.3c": "LPPL-1.3c", "ms-pl": "MS-PL", "mpl-2.0": "MPL-2.0", "odc-by": "ODC-By-1.0",
    "odbl": "ODbL-1.0",
    "osl-3.0": "OSL-3.0", "postgresql": "PostgreSQL", "ofl-1.1": "OFL-1.1", "ncsa": "NCSA",
    "unlicense": "Unlicense", "zlib": "Zlib", "pddl": "PDDL-1.0", "lgpl-lr": "LGPLLR",
  ]

  /// Licences on the list of Hugging Face that SPDX does not list, or not by one identifier.
  private static let references: Set<String> = [
    "openrail", "openrail++", "creativeml-openrail-m", "bigscience-openrail-m", "bigscience-bloom-rail-1.0",
    "bigcode-openrail-m", "bsd", "cc", "gfdl", "gpl", "lgpl", "h-research", "intel-research", "apple-ascl",
    "apple-amlr", "deepfloyd-if-license", "fair-noncommercial-research-license", "llama2", "llama3",
    "llama3.1",
    "llama3.2", "llama3.3", "llama4", "grok2-community", "gemma", "openmdw-1.0", "openmdw-1.1",
  ]
}
