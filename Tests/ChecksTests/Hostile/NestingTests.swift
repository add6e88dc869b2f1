import Formats
import Profile
import Storage
import Testing

@testable import Checks

/// Depth, circles and repetition: what a reader that trusts its input runs out of stack, time or memory for.
@Suite("Hostile structure") struct NestingTests {
  private func repeated(_ text: String, _ count: Int = 100_000) -> String {
    String(repeating: text, count: count)
  }

  @Test("JSON 100,000 deep", arguments: [("[", "]"), (#"{"a":"#, "}")])
  func json(open: String, close: String) throws {
    let deep = repeated(open) + "1" + repeated(close)
    let verdicts = HostileSample.verdicts(["m": safetensors(#"{"a":\#(deep)}"#)], "m", as: .safetensors)
    #expect(verdicts["safetensors-header-json"] == .inconclusive)
    for text in [deep, repeated(open)] {
      var bert = try HostileSample.base("bert")
      bert["config.json"] = Array(text.utf8)
      #expect(HostileSample.verdicts(bert, "")["hf-configuration-json"] == .inconclusive)
      bert["config.json"] = try HostileSample.base("bert")["config.json"]
      bert["tokenizer.json"] = Array(text.utf8)
      #expect(HostileSample.verdicts(bert, "")["hf-supporting-files-json"] == .inconclusive)
      HostileSample.verdicts(["m": Array(text.utf8)], "m", as: .nativeJSON)
    }
  }

  @Test("ONNX graphs in graphs", arguments: [64, 1_000])
  func onnxGraphs(depth: Int) {
    var inner = HandMadeONNX.relu
    for _ in 0..<depth {
      let branch =
        Proto.text(1, "then_branch") + Proto.number(20, 5) + Proto.bytes(6, HandMadeONNX.graph(inner))
      inner = Proto.bytes(1, Proto.text(4, "If") + Proto.bytes(5, branch))
    }
    let verdicts = HostileSample.verdicts(
      ["m": HandMadeONNX.model(HandMadeONNX.graph(inner))], "m", as: .onnx)
    #expect(verdicts["onnx-nesting-within-limit"] != .pass)
  }

  @Test("ONNX functions that call each other in a circle", arguments: [["A"], ["A", "B"], ["A", "B", "C"]])
  func onnxFunctions(names: [String]) {
    var functions: [UInt8] = []
    for (place, name) in names.enumerated() {
      let next = names[(place + 1) % names.count]
      let call = Proto.text(1, "x") + Proto.text(2, "y") + Proto.text(4, next) + Proto.text(7, "f")
      functions += Proto.bytes(
        25,
        Proto.text(1, name) + Proto.text(4, "x") + Proto.text(5, "y") + Proto.bytes(7, call)
          + Proto.text(10, "f") + Proto.bytes(9, Proto.text(1, "f") + Proto.number(2, 1)))
    }
    let call = Proto.bytes(
      1, Proto.text(1, "x") + Proto.text(2, "y") + Proto.text(4, "A") + Proto.text(7, "f"))
    let sets = Proto.bytes(8, Proto.text(1, "f") + Proto.number(2, 1))
    let verdicts = HostileSample.verdicts(
      ["m": HandMadeONNX.model(HandMadeONNX.graph(call), functions + sets)], "m", as: .onnx)
    #expect(verdicts["block-calls-acyclic"] == .fail)
  }

  @Test("Native messages in each field, 2,000 deep, and groups")
  func native() {
    let head = Proto.text(1, "GB42382-PMR") + Proto.number(2, 1)
    for field in [5, 8, 11, 12, 16, 17, 18, 19, 20, 21, 23, 24, 25, 99] as [UInt64] {
      var inner: [UInt8] = []
      for _ in 0..<2_000 { inner = Proto.bytes(field, inner) }
      let verdicts = HostileSample.verdicts(["m": head + inner], "m")
      #expect(verdicts.values.contains(.fail))
    }
    let groups = Array(repeating: Proto.variable(99 << 3 | 3), count: 100_000).flatMap(\.self)
    #expect(HostileSample.verdicts(["m": head + groups], "m").values.contains(.fail))
  }

  @Test("The same name twice")
  func duplicates() throws {
    let tensor = #""a":{"dtype":"U8","shape":[4],"data_offsets":"#
    let twice = safetensors("{\(tensor)[0,4]},\(tensor)[4,8]}}")
    #expect(HostileSample.verdicts(["m": twice], "m").values.contains(.fail))
    let initializer = Proto.bytes(
      5, Proto.number(1, 1) + Proto.number(2, 1) + Proto.bytes(9, [0, 0, 0, 0]) + Proto.text(8, "w"))
    let onnx = HandMadeONNX.model(HandMadeONNX.graph(HandMadeONNX.relu, initializer + initializer))
    #expect(HostileSample.verdicts(["m": onnx], "m")["variable-names-unique"] == .fail)
    var bert = try HostileSample.base("bert")
    bert["config.json"] = Array(#"{"model_type":"bert","model_type":"gpt2"}"#.utf8)
    #expect(HostileSample.verdicts(bert, "")["hf-configuration-keys-unique"] == .warn)
  }

  @Test("Bytes that are no UTF-8")
  func wrongUTF8() throws {
    var header = safetensors(#"{"aXY":{"dtype":"U8","shape":[8],"data_offsets":[0,8]}}"#)
    header[11] = 0xFF
    #expect(HostileSample.verdicts(["m": header], "m")["safetensors-header-json"] == .fail)
    let surrogate = safetensors(#"{"a\ud800":{"dtype":"U8","shape":[8],"data_offsets":[0,8]}}"#)
    #expect(HostileSample.verdicts(["m": surrogate], "m")["safetensors-header-json"] == .fail)
    let node = Proto.bytes(
      1, Proto.bytes(1, [0xFF, 0xFE]) + Proto.bytes(2, [0xC0, 0x80]) + Proto.text(4, "Relu"))
    let onnx = HandMadeONNX.model(HandMadeONNX.graph(node))
    #expect(HostileSample.verdicts(["m": onnx], "m")["onnx-text-utf8"] == .fail)
    var bert = try HostileSample.base("bert")
    bert["config.json"] = Array(#"{"model_type":""#.utf8) + [0xFF] + Array(#""}"#.utf8)
    #expect(HostileSample.verdicts(bert, "")["hf-configuration-json"] == .fail)
  }

  @Test("Aliases of YAML that multiply")
  func aliases() throws {
    var card = "---\na0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
    for level in 1..<12 {
      let inner = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ",")
      card += "a\(level): &a\(level) [\(inner)]\n"
    }
    for text in [card + "---\n", "---\n[" + repeated("[") + "\n---\n", "---\na: &a [*a]\n---\n"] {
      var bert = try HostileSample.base("bert")
      bert["README.md"] = Array(text.utf8)
      HostileSample.verdicts(bert, "")
    }
  }

  @Test("A text that is one character of a million marks is shortened in what is reported")
  func marks() {
    let name = "e" + String(repeating: "\u{301}", count: 1_000_000)
    let occurrence = Occurrence(Place("f", path: name), expected: name, actual: name)
    for text in [occurrence.place.path, occurrence.expected, occurrence.actual] {
      #expect((text?.utf8.count ?? .max) < 1_000)
    }
  }

  @Test("A directory with more files than are listed is recognised by the names that it is asked for")
  func unlisted() {
    var limits = DirectoryTree.Limits()
    limits.files = 0
    let tree = DirectoryTree(root: HostileSample.path("bert"), limits: limits)
    let verdicts = HostileSample.verdicts(tree, "")
    #expect(verdicts["file-count-within-limit"] == .inconclusive)
    #expect(verdicts["hf-weights-present"] == .pass)
    #expect(verdicts["hf-configuration-present"] == .pass)
  }
}
