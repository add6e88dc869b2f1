public import Representation
import Storage
import SwiftProtobuf

// The generated messages hold bytes as Foundation's Data; nothing else of Foundation is used.
#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Writes the native form of a model, binary and JSON.
///
/// What is written is canonical: equal models give equal bytes.
public enum NativeWriter {
  /// Why a model cannot be written.
  public struct Failure: Error, Sendable, Hashable, CustomStringConvertible {
    /// What the native form cannot hold.
    public enum Reason: String, Sendable, Hashable {
      /// A tensor's elements are in the encoding of another format; a conversion turns them into plain bytes first.
      case encodedContent = "the elements are in the encoding of another format"
      /// A byte range has a file index that is no 32-bit number.
      case fileIndex = "the file index of a byte range is no 32-bit number"
      /// A stage is of a method that this version does not have.
      case unknownStage = "a stage is of an unknown method"
      /// A number of a stage does not fit into its field.
      case stageNumber = "a number of a stage is no 32-bit number"
      /// The message is longer than Protocol Buffers allow (2 GiB).
      case tooLong = "the structure is longer than 2 GiB"
    }

    /// The path of what cannot be written.
    public let path: String
    /// Why.
    public let reason: Reason

    init(at path: ModelPath, reason: Reason) {
      self.path = path.description
      self.reason = reason
    }

    public var description: String { path.isEmpty ? reason.rawValue : "\(path): \(reason.rawValue)" }
  }

  /// The canonical binary form.
  public static func bytes(_ model: Model) throws(Failure) -> [UInt8] {
    let message = try PMRModel(model)
    do {
      return try message.serializedBytes()
    } catch {
      throw Failure(at: .model, reason: .tooLong)
    }
  }

  /// The JSON form, in UTF-8: the Protocol Buffers JSON mapping of the schema.
  public static func json(_ model: Model) throws(Failure) -> [UInt8] {
    let message = try PMRModel(model)
    do {
      return try message.jsonUTF8Bytes()
    } catch {
      throw Failure(at: .model, reason: .tooLong)
    }
  }

  static func data(_ bytes: [UInt8]) -> Data { Data(bytes) }
}
