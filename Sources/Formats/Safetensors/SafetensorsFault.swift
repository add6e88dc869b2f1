public import Storage

/// What can be wrong with the header of a safetensors file.
///
/// Byte ranges that leave the file, overlap, leave gaps or do not fit the shape are no faults of the header: the requirements of
/// clause 6.1 on byte ranges judge them for every format.
public enum SafetensorsFault: String, FaultCode {
  /// The file has no eight bytes of header length.
  case lengthPresent = "safetensors-header-length-present"
  /// The header is longer than the rest of the file.
  case headerInFile = "safetensors-header-in-file"
  /// The header is longer than the format allows.
  case headerWithinLimit = "safetensors-header-within-limit"
  /// The first byte of the header is no `{`.
  case startsWithBrace = "safetensors-header-starts-with-brace"
  /// The header is no JSON object in UTF-8.
  case headerJSON = "safetensors-header-json"
  /// Something other than spaces follows the object.
  case paddedWithSpaces = "safetensors-header-padded-with-spaces"
  /// A name stands twice in an object of the header.
  case keysUnique = "safetensors-header-keys-unique"
  /// `__metadata__` is no map from strings to strings.
  case metadataStrings = "safetensors-metadata-strings"
  /// An entry is no object with `dtype`, `shape` and `data_offsets`.
  case entryComplete = "safetensors-tensor-entry-complete"
  /// An entry holds something else too.
  case entryKeysKnown = "safetensors-tensor-entry-keys-known"
  /// The element type is none of the format's.
  case dtypeKnown = "safetensors-dtype-known"
  /// The shape is no list of sizes.
  case shapeValid = "safetensors-shape-valid"
  /// The offsets are no two positions, the end not before the beginning.
  case offsetsValid = "safetensors-data-offsets-valid"
  /// Elements of less than a byte do not fill whole bytes.
  case wholeBytes = "safetensors-sub-byte-tensors-fill-bytes"
}
