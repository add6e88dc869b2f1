public import Storage

/// What can be wrong with a weight that a vendor's tool stored in its own way, and the requirement that it breaks (profile clause 7.3, vendor formats).
public enum VendorFault: String, FaultCode {
  /// A tensor is missing without which the others cannot be read.
  case tensorsPresent = "quantized-tensors-present"
  /// A tensor has an element type that the format does not give it.
  case tensorTypes = "quantized-tensor-types"
  /// The dims of the tensors of one weight contradict each other, or the settings.
  case dimsAgree = "quantized-dims-agree"
  /// A width of levels, or a way of packing, that is not read.
  case formSupported = "quantized-form-supported"
  /// A place names a group that has no scale.
  case groupIndexRange = "quantized-group-index-range"
  /// The settings that are stored with a weight cannot be read.
  case stateReadable = "quantized-state-readable"
  /// The bits of a mask do not count the values that are kept.
  case maskCounts = "quantized-mask-counts"
  /// A group of four keeps another number than two.
  case maskTwoOfFour = "quantized-mask-two-of-four"
  /// The configuration names a method that is not known.
  case methodKnown = "quantization-method-known"
  /// A setting is missing, or has a value of another kind.
  case settingsForm = "quantization-settings-form"
  /// Tensors look quantized, and no configuration says how.
  case configurationPresent = "quantization-configuration-present"
  /// A kind of adapter that is not read.
  case adapterTypeKnown = "peft-type-known"
  /// A setting of an adapter is missing, or has a value of another kind.
  case adapterSettingsForm = "peft-settings-form"
  /// A factor is there without those that belong to it.
  case adapterFactorsPaired = "peft-factors-paired"
  /// The dims of factors contradict each other, the rank or the number of virtual tokens.
  case adapterFactorDims = "peft-factor-dims"
  /// A module is adapted that the base does not have.
  case adapterTargetExists = "peft-target-exists"
}

extension Fault {
  /// A fault of a weight in a vendor's form; the path is the name of the part, such as `qzeros`, and who knows the names in the files
  /// puts the name there in its place.
  static func vendor(
    _ code: VendorFault, _ part: String = "", _ kind: Fault.Kind = .malformed, expected: String? = nil,
    actual: String? = nil
  ) -> Fault {
    Fault(code, kind, at: Place(path: part), expected: expected, actual: actual)
  }
}
