import ArgumentParser
import Conformance
import Profile
import Reports

/// `vectors check`: judges the corpus, and proves it.
struct VectorsCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: said(
      zh: "检验语料库：逐个向量比对全部发现", en: "Judge the corpus: compare every finding with what each vector expects."),
    discussion: said(
      zh: """
        示例：
          gbt42382 vectors check
          gbt42382 vectors check --select 'ONNX-*' --junit vectors.xml
          gbt42382 vectors check --kill-matrix
        """,
      en: """
        EXAMPLES:
          gbt42382 vectors check
          gbt42382 vectors check --select 'ONNX-*' --junit vectors.xml
          gbt42382 vectors check --kill-matrix
        """))

  @OptionGroup var options: CorpusOptions
  @OptionGroup(title: said(zh: "报告", en: "Reports")) var reports: ReportOptions
  @Flag(
    help: help(
      zh: "逐项改动目录（停用要求、移动限值、增删枚举值、改变条件），证明向量能够察觉",
      en: "Change the catalogue one thing at a time and prove that vectors notice."))
  var killMatrix = false

  func run() throws {
    let corpus = try options.read()
    let cases = CorpusCheck(corpus, .published).cases(corpus.vectors)
    let report = CampaignReport(
      tool: (Tool.name, Tool.version), catalogue: .published, implementation: Tool.name, cases: cases)
    try reports.write(report)
    let ids = options.select.isEmpty ? nil : Set(corpus.vectors.map(\.folder))
    var complaints = CorpusLint(corpus, .published).complaints(of: ids)
    if killMatrix { complaints += try survivors(corpus, ids) }
    for complaint in complaints { standardError.line(complaint[reports.lang]) }
    let status: ExitStatus =
      switch report.verdict {
      case .error: .toolFault
      case .fail: .failed
      default: complaints.isEmpty ? .success : .failed
      }
    if status != .success { throw ExitCode(status.rawValue) }
  }

  /// Mutants that nobody noticed, and excuses that nobody needs.
  private func survivors(_ corpus: Corpus, _ ids: Set<String>?) throws -> [Text] {
    let matrix = KillMatrix(corpus, .published)
    let mutants = try matrix.mutants(of: ids)
    let survivors = mutants.filter(\.survives)
    let equivalent = mutants.count { $0.killers.isEmpty && $0.equivalent != nil }
    let killed = mutants.count - survivors.count - equivalent
    standardOutput.line(
      said(
        zh: "变异 \(mutants.count) 个：察觉 \(killed)，等价 \(equivalent)，未察觉 \(survivors.count)",
        en: "\(mutants.count) mutants: \(killed) killed, \(equivalent) equivalent, \(survivors.count) survive"
      ))
    return survivors.map {
      Text(zh: "未察觉：\($0.requirement) \($0.mutation)", en: "survives: \($0.requirement) \($0.mutation)")
    }
      + matrix.idleEquivalents(mutants).map {
        Text(
          zh: "equivalents.yaml 中多余：\($0.requirement) \($0.mutation)",
          en: "not needed in equivalents.yaml: \($0.requirement) \($0.mutation)")
      }
  }
}
