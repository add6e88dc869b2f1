import Checks
import Formats
import Glibc
import Profile
import Storage

/// What is fuzzed, chosen by the environment variable `FUZZ_TARGET`.
private enum Target: String {
  /// A file of one format, recognised or not.
  case onnx, safetensors, native, nativeJSON = "native-json", recognition
  /// One file of a Hugging Face directory; the others are those of a valid model.
  case configuration = "config.json"
  case index = "model.safetensors.index.json"
  case modelCard = "README.md"
  case generation = "generation_config.json"
  case tokenizer = "tokenizer_config.json"
  case package
  /// One file of a folder of segments; the other is that of a valid one.
  case manifest = "manifest.pmm"
  case segment = "00000000.pms"
  /// A key, a signature, certificates or a wrapped key.
  case protection

  static let chosen = getenv("FUZZ_TARGET").flatMap { Target(rawValue: String(cString: $0)) } ?? .recognition

  var format: Format? {
    switch self {
    case .onnx: .onnx
    case .safetensors: .safetensors
    case .native: .native
    case .nativeJSON: .nativeJSON
    case .recognition, .protection: nil
    case .configuration, .index, .modelCard, .generation, .tokenizer: .huggingFace
    case .package: .package
    case .manifest, .segment: .segments
    }
  }

  /// Whether the file lies among others in a directory.
  var isInDirectory: Bool { format == .huggingFace || format == .segments }
}

/// The valid directory around the file that is fuzzed; `FUZZ_DIRECTORY` names it.
private let surroundings: [String: [UInt8]] = {
  guard let directory = getenv("FUZZ_DIRECTORY").map({ String(cString: $0) }) else { return [:] }
  var files: [String: [UInt8]] = [:]
  do throws(Fault) {
    let tree = try SampleLocation.resolve(path: directory, root: nil, followLinks: false).tree
    var faults = FaultLog()
    for name in try tree.names(&faults) {
      let source = try tree.open(name)
      files[name] = try source.bytes(at: 0, count: Int(source.size))
    }
  } catch {
    print("FUZZ_DIRECTORY: \(error)")
  }
  return files
}()

private let judge = Judge(Catalogue.published)

/// Reads and judges one input; a trap, a hang or memory without bound is the defect that is looked for.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  let target = Target.chosen
  if target == .protection {
    ProtectionTarget.read(bytes)
    return 0
  }
  var files = surroundings
  let isDirectory = target.isInDirectory
  files[isDirectory ? target.rawValue : "model"] = bytes
  let tree = MemoryTree(files)
  let reading = SampleReader.read(tree, name: isDirectory ? "" : "model", as: target.format)
  let results = judge.results(for: Sample(reading: reading, tree: tree))
  for result in results {
    if result.verdict == .error { fatalError("a fault of the tool: \(result.requirement.id)") }
    for finding in result.findings { _ = result.requirement.message(of: finding) }
  }
  return 0
}

/// libFuzzer's own loop; declared here since it comes with the toolchain's library and without a header that Swift imports.
@_silgen_name("LLVMFuzzerRunDriver")
private func runFuzzer(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
  _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// The package manager links an executable by its target's name as the entry point, so libFuzzer's own `main` stays out.
@_cdecl("fuzz_main")
public func fuzzMain(
  _ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> CInt {
  var count = count
  var arguments = arguments
  return runFuzzer(&count, &arguments) { fuzzOneInput($0, $1) }
}
