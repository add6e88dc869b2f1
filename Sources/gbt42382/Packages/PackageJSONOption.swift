import ArgumentParser
import Profile
import Reports
import Storage

/// `--json FILE` of the commands that make, open or verify packages.
struct PackageJSONOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      said(zh: "写 JSON 报告（- 为标准输出）", en: "Write the JSON report (- is standard output)."), valueName: "file"))
  var json: String?

  /// Where people read, as long as no report takes that place.
  var console: Terminal { json == "-" ? standardError : standardOutput }

  /// Runs a command and writes what came of it, whatever that is, but for wrong usage.
  func run(
    _ command: String, _ path: String, _ body: (inout PackageReport) throws -> Void
  ) throws {
    var report = PackageReport(command: command, path: path)
    do {
      try body(&report)
      report.verdict = .pass
    } catch let failure as CommandFailure {
      guard failure.status != .usage else { throw failure }
      switch failure.status {
      case .failed: report.verdict = .fail
      case .inconclusive: report.verdict = .inconclusive
      default: report.verdict = .error
      }
      if report.verdict == .error || !report.saysWhy { report.reason = failure.text }
      try write(report)
      throw failure
    }
    try write(report)
  }

  private func write(_ report: PackageReport) throws {
    guard let json else { return }
    try Output.write(to: json) {
      try PackageReportJSON.write(report, by: (Tool.name, Tool.version), to: &$0)
    }
  }
}
