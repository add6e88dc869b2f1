import Formats
import Representation
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// Metadata fills gaps and overrides nothing.
struct MetadataSupplementingTests {
  private static func metadata() throws(MetadataError) -> Metadata {
    try Metadata(
      yaml: Array(
        """
        name: from metadata
        version: 9.9.9
        licence: MIT
        producer: {name: pytorch, version: 2.4.0}
        contributors: [{name: 张三}]
        modalities: [image]
        architecture: {kind: encoder-only, family: vit, hyper-parameters: {layers: 99, image-size: 224}}
        pre-training: {paradigm: supervised, objective: o, data-volume: 7, data-unit: images}
        parameter-count: 5
        properties: {team: vision, ticket: "42"}
        """.utf8), file: "m.yaml")
  }

  @Test func anEmptyModelTakesEverything() throws {
    let metadata = try Self.metadata()
    #expect(metadata.supplementing(Model()) == metadata.fields)
  }

  @Test func whatTheModelStatesStays() throws {
    var model = Model()
    model.name = "own"
    model.licence = "Apache-2.0"
    model.contributors = [Contributor(name: "李四")]
    model.modalities = ["text"]
    model.parameterCount = 6
    let result = try Self.metadata().supplementing(model)
    #expect(result.name == "own")
    #expect(result.licence == "Apache-2.0")
    #expect(result.contributors == [Contributor(name: "李四")])
    #expect(result.modalities == ["text"])
    #expect(result.parameterCount == 6)
    #expect(result.version == "9.9.9")
  }

  @Test func singlePartsAreFilled() throws {
    var model = Model()
    model.architecture = Architecture()
    model.architecture?.family = "bert"
    model.architecture?.hyperParameters = [HyperParameter("layers", .integer(6))]
    model.preTraining = PreTraining()
    model.preTraining?.paradigm = "self-supervised"
    model.properties = [Property(key: "team", value: "nlp")]
    let result = try Self.metadata().supplementing(model)
    #expect(result.architecture?.kind == "encoder-only")
    #expect(result.architecture?.family == "bert")
    #expect(
      result.architecture?.hyperParameters == [
        HyperParameter("layers", .integer(6)), HyperParameter("image-size", .integer(224)),
      ])
    #expect(result.preTraining?.paradigm == "self-supervised")
    #expect(result.preTraining?.objective == "o")
    #expect(result.preTraining?.dataVolume == 7)
    #expect(result.preTraining?.dataUnit == "images")
    #expect(
      result.properties == [Property(key: "team", value: "nlp"), Property(key: "ticket", value: "42")])
  }

  @Test func aUnitIsNotTakenForAnotherVolume() throws {
    var model = Model()
    model.preTraining = PreTraining()
    model.preTraining?.dataVolume = 8
    #expect(try Self.metadata().supplementing(model).preTraining?.dataUnit == nil)
  }

  @Test(arguments: [("pytorch", nil, "2.4.0"), ("pytorch", "1.0", "1.0"), ("tensorflow", nil, nil)])
  func aProducerVersionBelongsToItsName(_ name: String, _ version: String?, _ expected: String?) throws {
    var model = Model()
    model.producer = Producer(name: name, version: version)
    #expect(try Self.metadata().supplementing(model).producer == Producer(name: name, version: expected))
  }

  @Test func theExampleOfTheSchemaIsRead() throws {
    let path =
      #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(4)
      .joined(separator: "/") + "/conformance/schema/examples/metadata.yaml"
    let file = try #require(fopen(path, "r"))
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = fread(&bytes, 1, bytes.count, file)
    let fields = try Metadata(yaml: Array(bytes[..<count]), file: "metadata.yaml").fields
    #expect(fields.licence == "Apache-2.0")
    #expect(fields.contributors.count == 2)
    #expect(fields.architecture?["normalisation-epsilon"] == .float(1e-12))
    #expect(fields.parameterCount == 22_713_216)
  }
}
