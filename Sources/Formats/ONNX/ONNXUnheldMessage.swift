/// A message of the schema that the representation does not hold; a file is still judged by it (facts: the public onnx.proto).
enum ONNXUnheldMessage {
  /// What a field holds.
  enum Field {
    case text
    case integer
    /// A list of integers, packed or not.
    case integers
    /// A list of messages, or of texts where it is nil.
    case list(ONNXUnheldMessage?)
  }

  case pair, annotation, segment, deviceConfiguration, nodeConfiguration, sharding, groupEntry, shardedDim
  case simpleDim

  /// The message's name in the schema.
  var name: String {
    switch self {
    case .pair: "StringStringEntryProto"
    case .annotation: "TensorAnnotation"
    case .segment: "TensorProto.Segment"
    case .deviceConfiguration: "DeviceConfigurationProto"
    case .nodeConfiguration: "NodeDeviceConfigurationProto"
    case .sharding: "ShardingSpecProto"
    case .groupEntry: "IntIntListEntryProto"
    case .shardedDim: "ShardedDimProto"
    case .simpleDim: "SimpleShardedDimProto"
    }
  }

  /// What the field of a number holds; nil where the schema has no such field.
  func field(_ number: UInt32) -> Field? {
    switch (self, number) {
    case (.pair, 1), (.pair, 2): .text
    case (.annotation, 1): .text
    case (.annotation, 2): .list(.pair)
    case (.segment, 1), (.segment, 2): .integer
    case (.deviceConfiguration, 1): .text
    case (.deviceConfiguration, 2): .integer
    case (.deviceConfiguration, 3): .list(nil)
    case (.nodeConfiguration, 1): .text
    case (.nodeConfiguration, 2): .list(.sharding)
    case (.nodeConfiguration, 3): .integer
    case (.sharding, 1): .text
    case (.sharding, 2): .integers
    case (.sharding, 3): .list(.groupEntry)
    case (.sharding, 4): .list(.shardedDim)
    case (.groupEntry, 1): .integer
    case (.groupEntry, 2): .integers
    case (.shardedDim, 1): .integer
    case (.shardedDim, 2): .list(.simpleDim)
    case (.simpleDim, 1), (.simpleDim, 3): .integer
    case (.simpleDim, 2): .text
    default: nil
    }
  }
}
