import ArgumentParser
import Compression
import Configuration
import Formats
import Profile
import Reports
import Representation
import Storage

/// `compress IN OUT --recipe FILE.yaml`: the reference encoder of clause 7.
struct CompressCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compress",
    abstract: said(zh: "按配方压缩整个模型", en: "Compress a whole model by a recipe."),
    discussion: said(
      zh: """
        输出目录含 model.pmr（结构）、model.parameters.bin（元素）与 model.compression.json（压缩说明），
        完成之前不会出现；任意 --jobs 得到相同的字节。
        示例：
          gbt42382 compress ./bert ./bert-w4 --recipe w4.yaml
          gbt42382 compress ./tuned ./delta --recipe delta.yaml --base ./bert
        配方示例见 conformance/schema/recipe.example.yaml。
        """,
      en: """
        OUT is a folder with model.pmr (structure), model.parameters.bin (elements) and model.compression.json (the
        statement). It appears once everything is done, with the same bytes for any --jobs.
        EXAMPLES:
          gbt42382 compress ./bert ./bert-w4 --recipe w4.yaml
          gbt42382 compress ./tuned ./delta --recipe delta.yaml --base ./bert
        A recipe to start from: conformance/schema/recipe.example.yaml.
        """))

  @Argument(help: ArgumentHelp(said(zh: "样本", en: "The sample."), valueName: "in"))
  var input: String

  @Argument(
    help: ArgumentHelp(
      said(zh: "输出目录，不得已存在", en: "The folder to write, which must not exist."), valueName: "out"))
  var output: String

  @Option(help: ArgumentHelp(said(zh: "配方（YAML）", en: "The recipe (YAML)."), valueName: "file"))
  var recipe: String

  @Option(
    help: ArgumentHelp(
      said(zh: "增量或共享参数所基于的模型", en: "The model that deltas or shared parameters build on."),
      valueName: "path"))
  var base: String?

  @Option(help: help(zh: "并行处理的张量数（默认：处理器核数）", en: "How many tensors at once (default: one a core)."))
  var jobs: Int?

  @OptionGroup(title: said(zh: "输入", en: "Input")) var options: InputOptions

  @Option(help: help(zh: "供人阅读的内容所用语言", en: "The language of what people read (default: the locale's)."))
  var lang = Language.ofLocale

  @Flag(help: help(zh: "成功时不作声", en: "Say nothing on success."))
  var quiet = false

  mutating func validate() throws { try requireJobs(jobs) }

  func run() async throws {
    let recipe = try loadedRecipe()
    let opened = try OpenedSample(input, options)
    var reading = opened.reading
    if let metadata = try options.loadedMetadata() { reading.model = metadata.supplementing(reading.model) }
    var compressor = ModelCompressor(
      recipe, tool: CompressionStatement.Tool(name: Tool.name, version: Tool.version))
    compressor.jobs = jobs ?? Processors.count
    compressor.base = try base.map(loadedBase)
    let total = reading.model.parameters.reduce(UInt64(0)) { $0 &+ ($1.tensor.type.byteCount ?? 0) }
    let progress = ByteProgress(total: total > 0 ? total : nil, isShown: !quiet)
    let outcome: CompressionOutcome
    do throws(ConversionFailure) {
      outcome = try compressor.compress(reading, in: opened.tree, to: output) { progress.add($0) }
    } catch {
      progress.finish()
      throw CommandFailure(error.status, zh: error.zh, en: error.en)
    }
    progress.finish()
    guard !quiet else { return }
    for line in Self.lines(outcome, output) { standardError.line(line[lang]) }
  }

  private func loadedRecipe() throws -> CompressionRecipe {
    let text = String(decoding: try UserFile.bytes(recipe), as: UTF8.self)
    do throws(RecipeFileError) {
      return try RecipeFile.read(text, file: recipe)
    } catch {
      throw CommandFailure(
        .usage, zh: error.faults.map { $0[.zh] }.joined(separator: "\n"),
        en: error.faults.map { $0[.en] }.joined(separator: "\n"))
    }
  }

  private func loadedBase(_ path: String) throws -> ModelCompressor.BaseModel {
    let base = try OpenedSample(path)
    do throws(Fault) {
      return try ModelCompressor.BaseModel(base.reading, in: base.tree)
    } catch {
      throw CommandFailure(weight: error, path: path)
    }
  }

  /// What was written, for people: sizes, and the tensors that lost most.
  private static func lines(_ outcome: CompressionOutcome, _ output: String) -> [Text] {
    let ratio = outcome.ratio.map { Figures.decimals($0, 2) } ?? "–"
    let bits = outcome.bitsPerWeight.map { Figures.decimals($0, 3) } ?? "–"
    var lines = [
      Text(
        zh:
          "已写入 \(output)：\(outcome.tensors) 个张量，其中 \(outcome.compressed) 个经压缩；\(outcome.bytesBefore) B → \(outcome.bytesAfter) B（\(ratio) 倍，每权重 \(bits) 位）",
        en:
          "wrote \(output): \(outcome.tensors) tensors, \(outcome.compressed) of them compressed; \(outcome.bytesBefore) B → \(outcome.bytesAfter) B (ratio \(ratio), \(bits) bits a weight)"
      )
    ]
    guard !outcome.losses.isEmpty else {
      lines.append(Text(zh: "解码后与原模型逐位相同", en: "decodes to the original, bit by bit"))
      return lines
    }
    let error = Figures.scientific(outcome.total.relativeError)
    lines.append(
      Text(
        zh: "解码后的相对误差 \(error)，信噪比 \(Figures.decimals(outcome.total.sqnr, 2)) dB；误差最大的张量：",
        en:
          "relative error after decoding \(error), SQNR \(Figures.decimals(outcome.total.sqnr, 2)) dB; greatest:"
      ))
    let worst = outcome.losses.sorted { ($1.sums.relativeError, $0.name) < ($0.sums.relativeError, $1.name) }
    for loss in worst.prefix(5) {
      let line = "  \(Figures.scientific(loss.sums.relativeError))  \(loss.name)"
      lines.append(Text(zh: line, en: line))
    }
    return lines
  }
}
