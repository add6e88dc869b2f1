import Profile
import Reports
import Representation
import Storage

/// A run built by hand with every verdict, hostile names, folded findings and two languages.
enum SampleRun {
  static func requirement(
    _ id: String, _ key: String, _ clause: String, _ modality: Requirement.Modality = .shall,
    zh: String, en: String, message: Text, fix: Text, provenance: Requirement.Provenance = .profile
  ) -> Requirement {
    Requirement(
      id: id, key: key, clause: clause, modality: modality, provenance: provenance, level: .syntax,
      reads: .structure, scope: .each, aspects: [.description], conditions: [.hasLicence],
      values: [
        Requirement.Value(
          name: "alignment", content: .number(8), reason: Text(zh: "常见对齐", en: "the usual alignment")),
        Requirement.Value(
          name: "roles", content: .texts(["author", "maintainer"]),
          reason: Text(zh: "常用角色", en: "usual roles")),
      ],
      title: Text(zh: zh, en: en), message: message, fix: fix,
      rationale: Text(zh: "无人负责的模型无法追溯。", en: "A model that nobody answers for cannot be traced."),
      example: Requirement.Example(passing: "contributors:\n  - name: 张三", failing: "contributors: []"),
      interpretations: ["I-001"])
  }

  static let contributors = requirement(
    "P6.1-060", "contributor-list-present", "6.1", zh: "应列出贡献者", en: "A model shall list its contributors",
    message: Text(zh: "{file} 未列出贡献者", en: "{file} lists no contributors"),
    fix: Text(
      zh: "补上贡献者；格式无法存放时，用 --metadata FILE.yaml 提供",
      en: "List them; where the format cannot hold them, supply them with --metadata FILE.yaml"),
    provenance: .part1)
  static let range = requirement(
    "ONNX-012", "external-data-in-file", "6.1", zh: "外部数据应位于文件之内", en: "External data shall lie in its file",
    message: Text(
      zh: "{path} 的数据应为 {expected}，实际为 {actual}",
      en: "the data of {path} should be {expected} and is {actual}"),
    fix: Text(zh: "重新导出 {file}", en: "Export {file} again"))
  static let version = requirement(
    "P6.1-061", "version-stated", "6.1", .should, zh: "宜声明版本", en: "A model should state its version",
    message: Text(zh: "未声明版本", en: "no version is stated"),
    fix: Text(zh: "补上版本", en: "State the version"))
  static let semantics = requirement(
    "P6.2-001", "graph-acyclic", "6.2", zh: "计算图应无环", en: "A graph shall have no cycle",
    message: Text(zh: "使用了 {actual}", en: "it uses {actual}"), fix: Text(zh: "无", en: "none"))
  static let unread = requirement(
    "P6.2-002", "nodes-ordered", "6.2", zh: "结点应有序", en: "Nodes shall be ordered",
    message: Text(zh: "次序有误", en: "wrong order"), fix: Text(zh: "重排", en: "Order them"))
  static let waived = requirement(
    "P6.2-003", "names-unique", "6.2", zh: "名称应唯一", en: "Names shall be unique",
    message: Text(zh: "名称重复", en: "a name is there twice"), fix: Text(zh: "改名", en: "Rename"))
  static let digests = requirement(
    "P6.10-001", "digests-agree", "6.10", zh: "摘要应一致", en: "Digests shall agree",
    message: Text(zh: "摘要不符", en: "a digest differs"), fix: Text(zh: "重算", en: "Compute it again"))
  static let licence = requirement(
    "P6.1-062", "licence-stated", "6.1", zh: "应声明许可证", en: "A model shall state its licence",
    message: Text(zh: "许可证含 {actual}", en: "the licence has {actual}"), fix: Text(zh: "无", en: "none"))
  static let passed = requirement(
    "P6.1-063", "name-stated", "6.1", zh: "应声明名称", en: "A model shall state its name",
    message: Text(zh: "无名称", en: "no name"), fix: Text(zh: "补上", en: "State it"), provenance: .text)

  static let catalogue = Catalogue(
    profile: "2026.1",
    requirements: [contributors, range, version, semantics, unread, waived, digests, licence, passed],
    interpretations: [
      Interpretation(
        id: "I-001", clause: "6.1", question: Text(zh: "空列表算不算列出？", en: "Is an empty list a list?"),
        options: [Text(zh: "算", en: "yes"), Text(zh: "不算", en: "no")], chosen: 2, status: .disputed,
        reason: Text(zh: "空列表说明不了什么。", en: "An empty list says nothing."), vectors: [])
    ])

  static func finding(
    _ kind: Finding.Kind, _ place: Place, expected: String? = nil, actual: String? = nil, repeats: Int = 0,
    margin: Double? = nil
  ) -> Finding {
    var occurrences = Occurrences(Occurrence(place, expected: expected, actual: actual))
    for index in 0..<repeats {
      let path = "graphs[0].nodes[\(index + 1)]"
      occurrences.add(Occurrence(Place(place.file, path: path), expected: expected, actual: "\(index) B"))
    }
    return Finding(kind, occurrences, margin: margin)
  }

  static let failing = SampleReport(
    path: "models/伯特 base.onnx", format: "onnx", bytes: 459_276_288,
    files: [
      SampleReport.File(path: "weights.bin", bytes: 459_275_264),
      SampleReport.File(path: "伯特 base.onnx", bytes: 1_024, sha256: String(repeating: "0a", count: 32)),
    ],
    parameters: 109_482_240,
    results: [
      RequirementResult(
        range, .fail,
        findings: [
          finding(
            .malformed, Place("weights.bin", offset: 64, path: "graphs[0].variables[\"a\u{1}]\u{202E}\"]"),
            expected: "4×8×2 B = 64 B", actual: "\u{1B}[31m<&>\"'", repeats: 12, margin: -3.5)
        ]),
      RequirementResult(
        digests, .error, findings: [finding(.system, Place("weights.bin", offset: 4096), actual: "EIO")]),
      RequirementResult(contributors, .fail, findings: [finding(.violation, Place("伯特 base.onnx"))]),
      RequirementResult(version, .warn, findings: [finding(.violation, Place(), repeats: 1)]),
      RequirementResult(licence, .pass, findings: [finding(.remark, Place(), actual: "LicenseRef-a")]),
      RequirementResult(passed, .pass),
      RequirementResult(
        semantics, .inconclusive,
        findings: [finding(.unsupported, Place("伯特 base.onnx", path: "graphs[0]"), actual: "opset 99")]),
      RequirementResult(
        unread, .inconclusive, reason: Text(zh: "未能完整读取，无法判定", en: "it could not be read completely")),
      RequirementResult(waived, .waived, reason: Text(zh: "已豁免至 2027-01-01", en: "waived until 2027-01-01")),
    ])

  static let passing = SampleReport(
    path: "other/伯特 base.onnx", format: nil, bytes: 0, files: [],
    results: [
      RequirementResult(passed, .pass),
      RequirementResult(
        contributors, .notApplicable, reason: Text(zh: "模型未列出贡献者", en: "the model lists no contributors")),
    ])

  static let report = RunReport(
    tool: (name: "gbt42382", version: "0.1.0"), catalogue: catalogue, at: "2026-11-23",
    samples: [failing, passing])

  static func console(_ options: ConsoleOptions) throws -> String {
    var sink = MemorySink()
    try ConsoleReport.write(report, options, to: &sink)
    return sink.text
  }
}
