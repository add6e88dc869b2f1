import ArgumentParser
import Compression
import Formats
import Numerics
import Profile
import Storage

/// `decompress IN OUT.safetensors`: the weights of a compressed model, decoded.
struct DecompressCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "decompress",
    abstract: said(
      zh: "解码压缩模型的权重，写为 safetensors", en: "Decode the weights of a compressed model into safetensors."),
    discussion: said(
      zh: """
        浮点与量化张量写为 f32（或 --element-type），整数张量保持不变；不足 8 位的整数写为 8 位。
        示例：
          gbt42382 decompress model.gguf weights.safetensors
          gbt42382 decompress ./llama-gptq weights.safetensors --element-type bf16
          gbt42382 decompress ./lora merged.safetensors --base ./llama
        """,
      en: """
        Floating and quantized tensors become f32 (or --element-type), integer tensors stay; integers below 8 bits take 8.
        EXAMPLES:
          gbt42382 decompress model.gguf weights.safetensors
          gbt42382 decompress ./llama-gptq weights.safetensors --element-type bf16
          gbt42382 decompress ./lora merged.safetensors --base ./llama
        """))

  @Argument(help: ArgumentHelp(said(zh: "样本", en: "The sample."), valueName: "in"))
  var input: String

  @Argument(
    help: ArgumentHelp(said(zh: "输出：.safetensors", en: "The output: .safetensors."), valueName: "out"))
  var output: String

  @Option(
    help: help(
      zh: "浮点与量化张量的元素类型：f32（默认）、f16、bf16 或 f64",
      en: "The element type of floating and quantized tensors: f32 (default), f16, bf16 or f64."))
  var elementType: String = "f32"

  @Option(
    help: ArgumentHelp(
      said(zh: "增量或适配器所基于的模型", en: "The model that deltas or adapters build on."), valueName: "path"))
  var base: String?

  @Option(help: help(zh: "并行处理的张量数（默认：处理器核数）", en: "How many tensors at once (default: one a core)."))
  var jobs: Int?

  @OptionGroup(title: said(zh: "输入", en: "Input")) var options: InputOptions

  @Option(help: help(zh: "供人阅读的内容所用语言", en: "The language of what people read (default: the locale's)."))
  var lang = Language.ofLocale

  @Flag(help: help(zh: "成功时不作声", en: "Say nothing on success."))
  var quiet = false

  mutating func validate() throws {
    try requireJobs(jobs)
    guard ["f32", "f16", "bf16", "f64"].contains(elementType) else {
      throw ValidationError(
        said(zh: "--element-type 应为 f32、f16、bf16 或 f64", en: "--element-type is f32, f16, bf16 or f64"))
    }
  }

  func run() async throws {
    let sample = try SampleWeights(input, options, base: base)
    if let fault = sample.source.skipped.foremost { throw CommandFailure(weight: fault, path: input) }
    let decoded = DecodedFile(
      sample.source, floats: ElementType(rawValue: elementType) ?? .f32, jobs: jobs ?? Processors.count)
    let total = sample.source.weights.reduce(UInt64(0)) { $0 &+ UInt64(clamping: $1.type.byteCount) }
    let progress = ByteProgress(total: total, isShown: !quiet)
    let written: DecodedFile.Outcome
    do throws(Fault) {
      written = try decoded.write(to: output) { progress.add($0) }
    } catch {
      progress.finish()
      throw CommandFailure(weight: error, path: input)
    }
    progress.finish()
    guard !quiet else { return }
    standardError.line(
      Text(
        zh: "已写入 \(output)：\(written.tensors) 个张量，其中 \(written.decoded) 个经解码",
        en: "wrote \(output): \(written.tensors) tensors, \(written.decoded) of them decoded")[lang])
    if !written.leftOut.isEmpty {
      let names = written.leftOut.prefix(8).joined(separator: ", ")
      standardError.line(
        Text(
          zh: "未写入 \(written.leftOut.count) 个 safetensors 无法容纳的张量：\(names)",
          en: "left out \(written.leftOut.count) tensors that safetensors cannot hold: \(names)")[lang])
    }
  }
}
