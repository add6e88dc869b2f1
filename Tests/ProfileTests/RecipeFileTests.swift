import Compression
import Configuration
import Foundation
import Numerics
import Testing

@Suite("Recipes and accuracy policies") struct RecipeFileTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "conformance/schema")

  @Test("The example is read as it says")
  func example() throws {
    let text = try String(
      contentsOf: Self.folder.appending(path: "recipe.example.yaml"), encoding: .utf8)
    let recipe = try RecipeFile.read(text, file: "recipe.example.yaml")
    #expect(recipe.steps.map(\.name) == ["quantize", "code"])
    guard case .uniformQuantization(let settings) = recipe.steps[0].method else {
      Issue.record("\(recipe.steps[0].method)")
      return
    }
    #expect(settings.bits == 4)
    #expect(settings.sharing == .group(128))
    #expect(settings.scaleType == .f16)
    #expect(recipe.steps[1].method == .entropyCoding(run: 262_144))
    #expect(recipe.steps[0].targets.include == ["*.weight"])
    #expect(recipe.steps[0].targets.leastDims == 2)
  }

  @Test(
    "What is wrong is told with its line",
    arguments: [
      ("steps: []", 1), ("steps:\n  - method: magic", 2),
      ("steps:\n  - method: uniform-quantization\n    settings: {bits: 17}", 3),
      ("steps:\n  - method: uniform-quantization\n    settings: {bits: 4, colour: red}", 3),
      ("steps:\n  - method: n-m-sparsity", 2),
      ("steps:\n  - method: uniform-quantization\n    settings: {rounding: trellis}", 3),
      ("steps:\n  - {method: delta, name: a}\n  - {method: delta, name: a}", 3),
    ])
  func faults(text: String, line: Int) throws {
    do throws(RecipeFileError) {
      _ = try RecipeFile.read(text, file: "r.yaml")
      Issue.record("accepted")
    } catch {
      #expect(error.faults.first?.line == line)
    }
  }

  @Test("A grid gives a whole dim 0, and others the size of their blocks")
  func grids() {
    #expect(CompressionRecipe.Sharing.tensor.grid(for: [4, 8]) == [0, 0])
    #expect(CompressionRecipe.Sharing.channel.grid(for: [4, 8]) == [1, 0])
    #expect(CompressionRecipe.Sharing.channel.grid(for: [8]) == [0])
    #expect(CompressionRecipe.Sharing.channel.grid(for: [1, 8]) == [0, 0])
    #expect(CompressionRecipe.Sharing.group(4).grid(for: [4, 8]) == [1, 4])
    #expect(CompressionRecipe.Sharing.group(8).grid(for: [4, 8]) == [1, 0])
    #expect(CompressionRecipe.Sharing.block([2, 2]).grid(for: [3, 4, 8]) == [1, 2, 2])
  }

  @Test("A policy is read, and what is wrong with it is told")
  func policy() throws {
    let text = try String(
      contentsOf: Self.folder.appending(path: "accuracy-policy.example.yaml"), encoding: .utf8)
    let policy = try AccuracyPolicyFile.read(text, file: "p.yaml")
    #expect(policy.limits.map(\.measure) == [.relativeError, .sqnr, .cosine])
    #expect(policy.limits[0].targets == nil)
    #expect(policy.limits[1].targets?.include == ["*.weight"])
    #expect(throws: AccuracyPolicyFileError.self) {
      _ = try AccuracyPolicyFile.read("limits:\n  - {measure: taste, value: 1}", file: "p.yaml")
    }
  }
}
