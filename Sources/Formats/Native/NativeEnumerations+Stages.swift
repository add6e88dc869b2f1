import Representation

// The codes of the native form for the enumerations of stages. A code that is not listed is kept by its number, for findings.

extension SparseStage.Kind {
  /// The kind with a code of the native form.
  init(nativeCode code: UInt64) {
    switch code {
    case 1: self = .bitmap
    case 2: self = .rows
    case 3: self = .nOfM
    case 4: self = .block
    default: self = .unknown(code)
    }
  }

  /// Its message.
  var message: PMRSparseKind {
    switch self {
    case .bitmap: .bitmap
    case .rows: .rows
    case .nOfM: .nM
    case .block: .block
    case .unknown(let code): PMRSparseKind(rawValue: Int(clamping: code)) ?? .unspecified
    }
  }
}

extension EntropyStage.Mode {
  /// The mode with a code of the native form.
  init(nativeCode code: UInt64) {
    switch code {
    case 1: self = .levels
    case 2: self = .symbols
    default: self = .unknown(code)
    }
  }

  /// Its message.
  var message: PMREntropyMode {
    switch self {
    case .levels: .levels
    case .symbols: .symbols
    case .unknown(let code): PMREntropyMode(rawValue: Int(clamping: code)) ?? .unspecified
    }
  }
}

extension DeltaStage.Mode {
  /// The mode with a code of the native form.
  init(nativeCode code: UInt64) {
    switch code {
    case 1: self = .add
    case 2: self = .code
    default: self = .unknown(code)
    }
  }

  /// Its message.
  var message: PMRDeltaMode {
    switch self {
    case .add: .add
    case .code: .code
    case .unknown(let code): PMRDeltaMode(rawValue: Int(clamping: code)) ?? .unspecified
    }
  }
}

extension AdapterStage.Kind {
  /// The kind with a code of the native form.
  init(nativeCode code: UInt64) {
    switch code {
    case 1: self = .lora
    case 2: self = .dora
    case 3: self = .loha
    case 4: self = .lokr
    case 5: self = .ia3
    default: self = .unknown(code)
    }
  }

  /// Its message.
  var message: PMRAdapterKind {
    switch self {
    case .lora: .lora
    case .dora: .dora
    case .loha: .loha
    case .lokr: .lokr
    case .ia3: .ia3
    case .unknown(let code): PMRAdapterKind(rawValue: Int(clamping: code)) ?? .unspecified
    }
  }
}
