import Formats
import Profile
import Storage
import Testing

@testable import Checks

/// Files that end too early, and files that become shorter while they are read.
@Suite("Truncated files") struct TruncationTests {
  /// Reads every beginning of a file, and judges some of them; none is without a fault.
  private func cut(_ files: [String: [UInt8]], _ file: String, sample: String, step: Int = 1) throws {
    let whole = try #require(files[file])
    for count in stride(from: 0, to: whole.count, by: step) {
      var files = files
      files[file] = Array(whole.prefix(count))
      let reading = SampleReader.read(MemoryTree(files), name: sample)
      #expect(!reading.faults.isEmpty, "\(count) of \(whole.count) bytes of \(file)")
      if count % 61 == 0 { HostileSample.verdicts(files, sample) }
    }
  }

  @Test func safetensors() throws {
    let header =
      #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"U8","shape":[0],"data_offsets":[8,8]}}"#
    let whole = ChecksTests.safetensors(header)
    for count in 0..<whole.count {
      let verdicts = HostileSample.verdicts(["m": Array(whole.prefix(count))], "m")
      #expect(verdicts.values.contains { $0 == .fail } || count < 9, "\(count) bytes")
    }
  }

  @Test func onnx() {
    let raw = Proto.number(1, 2) + Proto.number(2, 1) + Proto.bytes(9, Array(repeating: 0, count: 8))
    let whole = HandMadeONNX.model(initializer: raw)
    for count in 0..<whole.count {
      let verdicts = HostileSample.verdicts(["m": Array(whole.prefix(count))], "m", as: .onnx)
      #expect(verdicts.values.contains(.fail), "\(count) bytes")
    }
  }

  @Test func native() throws {
    try cut(try HostileSample.base("native-bert"), "model.pmr", sample: "model.pmr")
  }

  @Test func nativeJSON() throws {
    try cut(try HostileSample.base("native-bert"), "model.pmr.json", sample: "model.pmr.json", step: 31)
  }

  @Test("A configuration that ends too early", arguments: ["config.json", "tokenizer_config.json"])
  func huggingFace(file: String) throws {
    try cut(try HostileSample.base("bert"), file, sample: "", step: 5)
  }

  @Test func huggingFaceIndexAndWeights() throws {
    let sharded = try HostileSample.base("llama-sharded")
    try cut(sharded, "model.safetensors.index.json", sample: "", step: 29)
    // Of a file that keeps its header, only the ranges tell that bytes are missing.
    let shard = "model-00002-of-00003.safetensors"
    let whole = try #require(sharded[shard])
    for count in [0, 1, 7, 8, 9, 200, whole.count / 2, whole.count - 1] {
      var files = sharded
      files[shard] = Array(whole.prefix(count))
      let verdicts = HostileSample.verdicts(files, "")
      #expect(
        verdicts["tensor-range-in-file"] == .fail
          || verdicts.contains { $0.key.hasPrefix("safetensors-") && $0.value == .fail }, "\(count) bytes")
    }
  }

  @Test("A file that shrinks while it is read", arguments: ["bert", "native-bert", "onnx-vit", "bare-t5"])
  func shrinking(base: String) throws {
    let names = [
      "bert": "", "native-bert": "model.pmr", "onnx-vit": "model.onnx", "bare-t5": "t5.safetensors",
    ]
    let name = try #require(names[base])
    let files = try HostileSample.base(base)
    for kept in [0, 1, 8, 300, 2_000, 20_000] {
      let verdicts = HostileSample.verdicts(ShrinkingTree(files, kept: kept), name)
      let isSeen = verdicts.values.contains { $0 == .fail || $0 == .inconclusive }
      let isRead = files.values.allSatisfy { $0.count <= kept }
      #expect(isSeen || isRead || base == "bare-t5" || base == "bert", "\(kept) bytes kept")
    }
  }
}

/// Files that have the size they had, and whose bytes end earlier.
private struct ShrinkingTree: FileTree {
  let whole: MemoryTree
  let kept: Int

  init(_ files: [String: [UInt8]], kept: Int) {
    whole = MemoryTree(files)
    self.kept = kept
  }

  func names(_ faults: inout FaultLog) throws(Fault) -> [String] { try whole.names(&faults) }
  func contains(_ name: String) -> Bool { whole.contains(name) }
  func open(_ name: String) throws(Fault) -> any ByteSource {
    ShrinkingSource(whole: try whole.open(name), kept: UInt64(kept))
  }
}

private struct ShrinkingSource: ByteSource {
  let whole: any ByteSource
  let kept: UInt64

  var name: String { whole.name }
  var size: UInt64 { whole.size }

  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(Fault) {
    guard let end = ByteRange.end(offset: offset, length: UInt64(buffer.count)), end <= kept else {
      throw Fault(
        FileFault.stableWhileRead, at: Place(name, offset: offset), expected: "\(size) B", actual: "\(kept) B"
      )
    }
    try whole.read(into: buffer, at: offset)
  }
}
