import Representation
public import Storage

/// Reads a single safetensors file.
public struct SafetensorsReader: ModelReader {
  public static let formats: Set<Format> = [.safetensors]

  public static func read(_ tree: any FileTree, name: String, limits: Limits) throws(Fault) -> Reading {
    let source = try tree.open(name)
    var reading = Reading(format: .safetensors)
    reading.carries = [.safetensors]
    reading.files = [SampleFile(path: name, bytes: source.size)]
    var file = ParameterFile(path: name, size: source.size)
    let header: SafetensorsHeader?
    do throws(Fault) {
      header = try SafetensorsHeader.read(source, limits: limits, &reading.faults)
    } catch {
      header = nil
      reading.faults.log(error)
    }
    if let header {
      file.payload = header.payload
      reading.model.parameters = header.tensors.map { $0.variable(file: 0) }
      describe(&reading.model, header.metadata)
      if !header.isComplete { reading.known.remove(.parameters) }
    } else {
      reading.known = []
    }
    reading.model.files = [file]
    reading.safetensorsFiles = [0]
    return reading
  }

  /// Takes what the free texts of the header say of the model: `format`, and the fields of ModelSpec.
  private static func describe(_ model: inout Model, _ metadata: [Property]) {
    for property in metadata {
      switch property.key {
      case "format": model.producer = framework(property.value).map { Producer(name: $0) }
      case "modelspec.title": model.name = property.value
      case "modelspec.author": model.contributors.append(Contributor(name: property.value, role: "author"))
      case "modelspec.description": model.documentation = property.value
      case "modelspec.license":
        model.licence = CardLicence.identifier(property.value)
        // Words that SPDX cannot hold, a link or the terms themselves among them, are kept beside the reference that stands for them.
        if let licence = model.licence, CardLicence.isReference(licence, insteadOf: property.value) {
          model.properties.append(property)
        }
      default: model.properties.append(property)
      }
    }
  }

  /// The framework that a `format` stands for.
  private static func framework(_ format: String) -> String? {
    switch format {
    case "pt": "PyTorch"
    case "tf": "TensorFlow"
    case "flax", "jax": "Flax"
    case "np", "numpy": "NumPy"
    case "mlx": "MLX"
    case "paddle", "pp": "PaddlePaddle"
    default: nil
    }
  }
}
