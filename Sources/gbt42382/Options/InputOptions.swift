public import ArgumentParser
public import Formats
import Profile

/// Where samples come from and how they are opened.
struct InputOptions: ParsableArguments {
  @Option(help: help(zh: "格式（默认按内容识别）", en: "The format; recognised by content where it is left out."))
  var format: Format?

  @Option(
    help: ArgumentHelp(
      said(
        zh: "允许引用文件的最上层目录（默认：样本所在目录）",
        en: "The folder that references may not leave (default: the sample's own)."), valueName: "dir"))
  var root: String?

  @Flag(
    help: help(
      zh: "允许符号链接指向根目录之外", en: "Follow symbolic links that lead out of that folder."))
  var followLinks = false

  @Option(
    help: ArgumentHelp(
      said(
        zh: "补充元数据（YAML）：贡献者、许可证、预训练说明等格式自身无法容纳的内容",
        en: "YAML with what the format cannot hold: contributors, licence, pre-training."), valueName: "file")
  )
  var metadata: String?
}

extension Format: ExpressibleByArgument {}
