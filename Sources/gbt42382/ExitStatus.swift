import Profile
import Reports

/// The exit codes that scripts rely on (conformance/command-line.md); the first that applies in this order wins.
enum ExitStatus: Int32, CaseIterable {
  case usage = 64
  case toolFault = 70
  case inputOutput = 74
  case notRecognised = 3
  case failed = 1
  case inconclusive = 2
  case success = 0

  /// The status that applies first among several.
  static func first(of statuses: some Sequence<ExitStatus>) -> ExitStatus {
    let present = Set(statuses)
    return allCases.first(where: present.contains) ?? .success
  }

  /// The status that one sample asks for.
  init(_ sample: SampleReport, allowInconclusive: Bool) {
    let errors = sample.results.filter { $0.verdict == .error }
    if errors.contains(where: { !$0.findings.contains { $0.kind == .system } }) {
      self = .toolFault
    } else if !errors.isEmpty {
      self = .inputOutput
    } else if sample.format == nil {
      self = .notRecognised
    } else {
      self =
        switch sample.verdict {
        case .error: .toolFault
        case .fail: .failed
        case .inconclusive: allowInconclusive ? .success : .inconclusive
        case .pass: .success
        }
    }
  }
}

/// Why a command ended before it could judge anything.
struct CommandFailure: Error {
  let status: ExitStatus
  let text: Text

  init(_ status: ExitStatus, zh: String, en: String) {
    self.status = status
    text = Text(zh: zh, en: en)
  }

  init(_ status: ExitStatus, _ text: Text) {
    self.status = status
    self.text = text
  }

  /// What is said of it, in the language of the locale; names from files and from the command line cannot steer the terminal.
  var visibleText: String {
    text[.ofMessages].split(separator: "\n", omittingEmptySubsequences: false)
      .map { VisibleText.forTerminal(String($0)) }.joined(separator: "\n")
  }
}
