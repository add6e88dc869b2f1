import ArgumentParser
import Formats
import Profile
import Representation
import Storage

/// `convert IN OUT`: any readable format into the native form.
struct ConvertCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: said(
      zh: "将任何可读格式转换为自有格式，参数文件保持原位",
      en: "Any readable format into the native form; parameters stay where they are."),
    discussion: said(
      zh: """
        示例：
          gbt42382 convert ./bert-base ./bert-base/model.pmr --digests
          gbt42382 convert model.onnx out/model.pmr --copy
        """,
      en: """
        EXAMPLES:
          gbt42382 convert ./bert-base ./bert-base/model.pmr --digests
          gbt42382 convert model.onnx out/model.pmr --copy
        """))

  @Argument(help: ArgumentHelp(said(zh: "样本", en: "The sample."), valueName: "in"))
  var input: String

  @Argument(
    help: ArgumentHelp(
      said(zh: "输出：.pmr（二进制）或 .pmr.json", en: "The output: .pmr (binary) or .pmr.json."), valueName: "out"))
  var output: String

  @Option(help: help(zh: "输出格式（默认由后缀决定）", en: "The format of the output (default: by its suffix)."))
  var to: Format?

  @Flag(help: help(zh: "将参数文件与资产复制到输出旁", en: "Copy parameter files and assets beside the output."))
  var copy = false

  @Flag(help: help(zh: "将参数文件与资产硬链接到输出旁", en: "Hard-link parameter files and assets beside the output."))
  var hardLink = false

  @Flag(help: help(zh: "计算各文件的 SHA-256 摘要", en: "Compute the SHA-256 digest of each file."))
  var digests = false

  @OptionGroup(title: said(zh: "输入", en: "Input")) var options: InputOptions

  @Option(help: help(zh: "供人阅读的内容所用语言", en: "The language of what people read (default: the locale's)."))
  var lang = Language.ofLocale

  @Flag(help: help(zh: "成功时不作声", en: "Say nothing on success."))
  var quiet = false

  func validate() throws {
    if copy, hardLink {
      throw ValidationError(
        said(zh: "--copy 与 --hard-link 只能取其一", en: "--copy and --hard-link exclude each other"))
    }
  }

  func run() async throws {
    guard
      let target = to.map({ Conversion.Target(rawValue: $0.rawValue) }) ?? Conversion.Target(suffixOf: output)
    else {
      let failure = ConversionFailure.target(to?.rawValue ?? output)
      throw CommandFailure(.usage, zh: failure.zh, en: failure.en)
    }
    let opened = try OpenedSample(input, options)
    var reading = opened.reading
    if let metadata = try options.loadedMetadata() { reading.model = metadata.supplementing(reading.model) }
    var conversion = Conversion(target)
    conversion.placement = copy ? .copied : hardLink ? .hardLinked : .inPlace
    conversion.computesDigests = digests
    do throws(ConversionFailure) {
      _ = try conversion.convert(reading, in: opened.tree, to: output)
    } catch {
      throw CommandFailure(error.status, zh: error.zh, en: error.en)
    }
    guard !quiet else { return }
    let tensors = reading.model.parameters.count
    let text = Text(
      zh: "已写入 \(output)：\(tensors) 个参数张量，引用 \(reading.files.count) 个文件",
      en: "wrote \(output): \(tensors) parameter tensors in \(reading.files.count) file(s)")
    standardError.line(text[lang])
  }
}

extension ConversionFailure {
  /// Whether the system refused, the command was wrong, or the input was.
  var status: ExitStatus {
    switch self {
    case .file(let fault), .compression(let fault): fault.kind == .system ? .inputOutput : .failed
    case .link: .inputOutput
    case .target, .filesElsewhere, .outputIsInput: .usage
    default: .failed
    }
  }
}
