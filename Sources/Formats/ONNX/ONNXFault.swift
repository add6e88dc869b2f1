public import Storage

/// What can be wrong with an ONNX file; each code is the key of the requirement that is broken.
public enum ONNXFault: String, FaultCode {
  /// Bytes that are no Protocol Buffers message: tags, lengths, groups, variable-length integers.
  case wire = "onnx-wire-valid"
  /// A field that ONNX defines is written in another way.
  case fieldType = "onnx-field-types-valid"
  /// Messages are nested deeper than common libraries read.
  case nesting = "onnx-nesting-within-limit"
  /// Texts, or the structure as a whole, are larger than this reader holds.
  case limits = "onnx-structure-within-limits"
  /// A text is not UTF-8.
  case text = "onnx-text-utf8"
  /// A field that no version of ONNX defines.
  case unknownField = "onnx-fields-known"
  /// A field that stands once stands more often.
  case repeatedField = "onnx-singular-fields-once"
  /// No version of the format is given.
  case versionPresent = "onnx-ir-version-present"
  /// The version of the format is newer than this reader.
  case versionKnown = "onnx-ir-version-known"
  /// No operator set is imported.
  case operatorSets = "onnx-operator-sets-present"
  /// There is no graph.
  case graph = "onnx-graph-present"
  /// A key stands twice in the metadata.
  case metadataKeys = "onnx-metadata-keys-distinct"
  /// A feature is younger than the version of the format that the file gives.
  case featureVersion = "onnx-features-in-ir-version"
  /// Functions in a version of the format that has none.
  case functionVersion = "onnx-functions-in-ir-version"
  /// The file holds training graphs.
  case training = "onnx-training-absent"
  /// A tensor or a type says nothing of its elements, or something unknown.
  case dataType = "onnx-data-type-known"
  /// The elements of a tensor stand in several fields, or in a field and in another file.
  case dataFields = "onnx-tensor-data-once"
  /// The field with the data is not the one for the tensor's data type.
  case dataFieldType = "onnx-data-field-fits-type"
  /// The place of the data is neither the file nor another file.
  case dataLocation = "onnx-data-location-known"
  /// A tensor is cut into segments.
  case segments = "onnx-tensor-segments-supported"
  /// External data without the name of a file.
  case externalLocation = "onnx-external-location-present"
  /// External data outside of the model's directory.
  case externalInside = "onnx-external-location-inside"
  /// Offset or length of external data are no numbers.
  case externalNumbers = "onnx-external-numbers-valid"
  /// A key of external data that the specification does not know.
  case externalKeys = "onnx-external-keys-known"
  /// A key of external data stands twice.
  case externalKeysTwice = "onnx-external-keys-distinct"
  /// A checksum that no SHA-1 digest can be.
  case externalChecksum = "onnx-external-checksum-well-formed"
  /// An initializer is no input of its graph, in a version of the format that asks for it.
  case initializerInput = "onnx-initializers-are-inputs"
  /// An attribute does not say its type.
  case attributeType = "onnx-attribute-type-present"
  /// An attribute has a type that is unknown.
  case attributeTypeKnown = "onnx-attribute-type-known"
  /// The type of an attribute and the field with its value disagree.
  case attributeAgreement = "onnx-attribute-type-agrees"
  /// An attribute has more than one value.
  case attributeValues = "onnx-attribute-one-value"
  /// An attribute refers to another one and has a value of its own.
  case attributeReference = "onnx-reference-without-value"
  /// An input or output of the main graph has no shape.
  case interfaceShape = "onnx-interface-shaped"
  /// A type that the representation does not have.
  case valueType = "onnx-value-type-supported"

  /// The code of what is wrong with the wire format, and whether that is the file's fault or this reader's limit.
  init(_ problem: WireProblem) {
    self =
      switch problem {
      case .varint, .fieldNumber, .wireType, .group, .length, .truncated: .wire
      case .fieldType: .fieldType
      case .depth: .nesting
      case .text: .text
      case .textLimit, .memory: .limits
      }
  }
}
