import Configuration
import Testing

@testable import Conformance

@Suite("Changes of JSON texts touch only the place that they name")
struct JSONEditTests {
  private static let text = #"{"a": 1, "b": {"c": [10, 20, "x,]\""]}, "d~/e": null}"#

  @Test(
    "Each kind of change",
    arguments: [
      (JSONEdit.set(.number("2")), "/a", #"{"a": 2, "b": {"c": [10, 20, "x,]\""]}, "d~/e": null}"#),
      (.raw("1e400", times: 1), "/b/c/1", #"{"a": 1, "b": {"c": [10, 1e400, "x,]\""]}, "d~/e": null}"#),
      (.remove, "/a", #"{"b": {"c": [10, 20, "x,]\""]}, "d~/e": null}"#),
      (.remove, "/d~0~1e", #"{"a": 1, "b": {"c": [10, 20, "x,]\""]}}"#),
      (.remove, "/b/c/2", #"{"a": 1, "b": {"c": [10, 20]}, "d~/e": null}"#),
      (.key("z\"\n"), "/a", #"{"z\"\u000a": 1, "b": {"c": [10, 20, "x,]\""]}, "d~/e": null}"#),
      (.twice, "/b/c/0", #"{"a": 1, "b": {"c": [10,10, 20, "x,]\""]}, "d~/e": null}"#),
      (.twice, "/a", #"{"a": 1,"a": 1, "b": {"c": [10, 20, "x,]\""]}, "d~/e": null}"#),
      (
        .member("n", .value(.list([.boolean(true), .text("é")]))), "/b",
        #"{"a": 1, "b": {"c": [10, 20, "x,]\""],"n":[true,"é"]}, "d~/e": null}"#
      ),
      (.append(.raw("NaN")), "/b/c", #"{"a": 1, "b": {"c": [10, 20, "x,]\"",NaN]}, "d~/e": null}"#),
      (.nest(3), "/a", #"{"a": [[[1]]], "b": {"c": [10, 20, "x,]\""]}, "d~/e": null}"#),
    ])
  func changes(edit: JSONEdit, pointer: String, result: String) throws {
    let bytes = try edit.applied(to: Array(Self.text.utf8), at: pointer)
    #expect(String(decoding: bytes, as: UTF8.self) == result)
  }

  @Test("What a pointer does not reach is a complaint", arguments: ["/x", "/b/c/3", "/a/b", "a"])
  func unreachable(pointer: String) {
    #expect(throws: RecipeError.self) { try JSONEdit.remove.applied(to: Array(Self.text.utf8), at: pointer) }
  }

  @Test("A safetensors header keeps its padding, and its length is set anew")
  func safetensorsHeader() throws {
    let header = Array(#"{"a":1}  "#.utf8).prefix(8)
    let file = [8, 0, 0, 0, 0, 0, 0, 0] + header + [0xAA, 0xBB]
    let changed = try SafetensorsText(file).changingHeader { header throws(RecipeError) in
      try JSONEdit.set(.number("12")).applied(to: header, at: "/a")
    }
    #expect(changed == [8, 0, 0, 0, 0, 0, 0, 0] + Array(#"{"a":12}"#.utf8) + [0xAA, 0xBB])
  }
}
