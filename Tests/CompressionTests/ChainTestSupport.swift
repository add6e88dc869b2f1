import Compression
import Numerics
import Representation
import Storage
import Testing

/// Elements and a chain of them.
struct ChainCase: Sendable, CustomTestStringConvertible {
  let name: String
  let type: TensorType
  /// The elements' bytes in hexadecimal digits.
  let elements: String
  let stages: [Stage]
  let payload: Tensor?

  var testDescription: String { name }

  var tensor: Tensor { compressed(type, stages, payload) }
}

/// A tensor in the structure.
func inline(_ element: ElementType, _ dims: [Int64], _ hex: String) -> Tensor {
  Tensor(TensorType(element, shape: dims), .inline(Hexadecimal.bytes(of: hex) ?? []))
}

/// Elements in memory.
func elements(_ element: ElementType, _ dims: [Int], _ bytes: [UInt8]) throws -> Elements {
  let type = try #require(ElementsType(element, dims))
  return try #require(Elements(type, bytes))
}

/// A compressed tensor.
func compressed(_ type: TensorType, _ stages: [Stage], _ payload: Tensor?) -> Tensor {
  Tensor(type, .compressed(CompressedContent(stages: stages, payload: payload)))
}

/// A decoder of tensors that stand in their structure.
func decoder(
  _ tensors: [String: Tensor] = [:], others: [[String: Tensor]] = [],
  limits: DecodingLimits = DecodingLimits()
) -> TensorDecoder {
  TensorDecoder(ModelTensors(tensors), others: others.map { ModelTensors($0) }, limits: limits)
}

/// What a fault says, for tests: its code, kind and path.
struct Seen: Hashable, CustomStringConvertible {
  var code: String
  var kind: Fault.Kind
  var path: String?

  init(_ code: CompressionFault, _ path: String?, _ kind: Fault.Kind = .malformed) {
    self.code = code.rawValue
    self.kind = kind
    self.path = path
  }

  init(_ fault: Fault) {
    code = fault.code
    kind = fault.kind
    path = fault.occurrence.place.path
  }

  var description: String { "\(code) \(kind) at \(path ?? "-")" }
}

/// What decoding a tensor ends with: nil for elements.
func refusal(_ tensor: Tensor, by decoder: TensorDecoder = decoder()) -> Seen? {
  do throws(Fault) {
    _ = try decoder.elements(of: tensor, at: "x")
    return nil
  } catch {
    return Seen(error)
  }
}
