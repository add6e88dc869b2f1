import ArgumentParser
import Formats
import Profile
import Reports
import Storage

/// `inspect PATH`: what the file is, without judging it.
struct InspectCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: said(
      zh: "查看文件内容：架构、参数、张量、计算图", en: "What the file is: architecture, parameters, tensors, graphs."),
    discussion: said(
      zh:
        "示例：\n  gbt42382 inspect ./bert-base\n  gbt42382 inspect model.onnx --json - | jq '.tensors[].name'",
      en:
        "EXAMPLES:\n  gbt42382 inspect ./bert-base\n  gbt42382 inspect model.onnx --json - | jq '.tensors[].name'"
    ))

  @Argument(help: ArgumentHelp(said(zh: "样本", en: "The sample."), valueName: "path"))
  var path: String

  @OptionGroup(title: said(zh: "输入", en: "Input")) var input: InputOptions

  @Option(
    help: ArgumentHelp(
      said(zh: "写 JSON（- 为标准输出）", en: "Write JSON (- is standard output)."), valueName: "file"))
  var json: String?

  @Flag(help: help(zh: "列出全部张量", en: "List every tensor."))
  var all = false

  @Option(help: help(zh: "供人阅读的内容所用语言", en: "The language of what people read (default: the locale's)."))
  var lang = Language.ofLocale

  private func inspect(_ package: any ByteSource) throws {
    let inspection: PackageInspection
    do throws(Fault) {
      inspection = try PackageInspection(package, path: path)
    } catch {
      throw CommandFailure(error, path: path)
    }
    if let json {
      try Output.write(to: json) {
        try PackageReportJSON.write(inspection.report, by: (Tool.name, Tool.version), to: &$0)
      }
    }
    guard json != "-" else { return }
    for line in inspection.lines(lang, all: all) { standardOutput.line(line) }
  }

  func run() async throws {
    if let package = try PackageInput.ifPackage(path) {
      return try inspect(package)
    }
    let opened = try OpenedSample(path, input)
    let reading = opened.reading
    let model = try input.loadedMetadata()?.supplementing(reading.model) ?? reading.model
    let inspection = Inspection(
      path: path, format: opened.format.rawValue, bytes: reading.files.reduce(0) { $0 &+ $1.bytes },
      model: model)
    if let json {
      try Output.write(to: json) {
        try InspectionJSON.write(inspection, by: (Tool.name, Tool.version), to: &$0)
      }
    }
    if json != "-" {
      let console = InspectionConsole(language: lang, tensorLimit: all ? .max : 20)
      standardOutput.write(console.text(inspection).utf8)
    }
    if !reading.faults.isEmpty {
      standardError.line(
        Text(
          zh: "注意：样本有 \(reading.faults.entries.count) 类缺陷，以上仅为可读部分；详情请运行 gbt42382 validate",
          en:
            "note: the sample has \(reading.faults.entries.count) kind(s) of fault, and this is what could be read; "
            + "gbt42382 validate tells more")[lang])
    }
  }
}
