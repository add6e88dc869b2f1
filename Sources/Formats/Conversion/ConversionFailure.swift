public import Storage

/// Why a conversion was not done; nothing was written then but, at most, copies of parameter files.
public enum ConversionFailure: Error, Sendable, Hashable {
  /// The model goes into another format than the native one, or OUT has a suffix that names none.
  case target(String)
  /// Parts of the input could not be read; what is missing would be lost without a word.
  case incomplete(aspects: [String])
  /// Files of the input do not lie below the folder of OUT, and neither copies nor hard links were asked for.
  case filesElsewhere(first: String, folder: String)
  /// OUT is one of the files that the structure would refer to.
  case outputIsInput(String)
  /// A file could not be linked.
  case link(from: String, to: String, reason: String)
  /// The elements of a tensor are not what the input says of them.
  case elements(path: String, reason: String)
  /// The native form cannot hold the model.
  case form(NativeWriter.Failure)
  /// What was written could not be read again within the limits of the profile.
  case unreadable(code: String, path: String)
  /// The model is compressed already; it has to be decoded before it is compressed in another way.
  case compressedAlready
  /// A tensor cannot be compressed as the recipe says.
  case compression(Fault)
  /// The system refused, or a file of the input cannot be read.
  case file(Fault)

  /// The failure in English.
  public var en: String {
    switch self {
    case .target(let name):
      "unsupported conversion: OUT is \(name); this version writes .pmr and .pmr.json, and neither ONNX nor safetensors"
    case .incomplete(let aspects):
      "the input could not be read completely (\(aspects.joined(separator: ", "))); gbt42382 validate says why"
    case .filesElsewhere(let first, let folder):
      "\(first) does not lie below \(folder): references only lead downwards, so write OUT at or above the input's "
        + "folder, or use --copy or --hard-link"
    case .outputIsInput(let path):
      "\(path) is a file of the input to which the structure would refer"
    case .link(let source, let target, let reason):
      "cannot link \(source) to \(target): \(reason); use --copy"
    case .elements(let path, let reason):
      "\(path): \(reason)"
    case .form(let failure):
      failure.description
    case .unreadable(let code, let path):
      "the structure would break a limit of the profile (\(code)) at \(path)"
    case .compressedAlready:
      "the model is compressed already: decode it first (gbt42382 decompress)"
    case .compression(let fault):
      Self.text(fault)
    case .file(let fault):
      Self.text(fault)
    }
  }

  /// The failure in Chinese.
  public var zh: String {
    switch self {
    case .target(let name):
      "不支持的转换：输出为 \(name)；本版本只写 .pmr 与 .pmr.json，尚不写 ONNX 与 safetensors"
    case .incomplete(let aspects):
      "输入未能完整读取（\(aspects.joined(separator: "、"))）；原因见 gbt42382 validate"
    case .filesElsewhere(let first, let folder):
      "\(first) 不在 \(folder) 之下：引用只能向下，请将输出写在输入目录或其上级目录，或使用 --copy、--hard-link"
    case .outputIsInput(let path):
      "\(path) 是输入中将被结构引用的文件，不能作为输出"
    case .link(let source, let target, let reason):
      "无法将 \(source) 硬链接到 \(target)：\(reason)；请使用 --copy"
    case .elements(let path, let reason):
      "\(path)：\(reason)"
    case .form(let failure):
      "自有格式无法容纳该模型：\(failure.description)"
    case .unreadable(let code, let path):
      "结构将超出本规程的限值（\(code)），位于 \(path)"
    case .compressedAlready:
      "模型已经过压缩：请先解码（gbt42382 decompress）"
    case .compression(let fault):
      Self.text(fault)
    case .file(let fault):
      Self.text(fault)
    }
  }

  private static func text(_ fault: Fault) -> String {
    let place = [fault.occurrence.place.file, fault.occurrence.place.path ?? ""].filter { !$0.isEmpty }
    let at = place.isEmpty ? "" : place.joined(separator: " ") + ": "
    return "\(at)\(fault.code)\(fault.occurrence.actual.map { " (\($0))" } ?? "")"
  }
}
