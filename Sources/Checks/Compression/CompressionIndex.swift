import Compression
import Formats
import Profile
import Representation
import Storage

/// A compression statement beside the variables that it speaks of, gathered once and shared by the checks of clause 7.
struct CompressionIndex: Sendable {
  /// The statement.
  let statement: CompressionStatement
  /// Its file.
  let file: String
  /// The names of its steps.
  let steps: Set<ExactString>
  /// The variables that it may name: those of the model and of the main graph.
  let variables: [Named]
  private let places: [ExactString: Int]

  /// A variable that a statement may name.
  struct Named: Sendable {
    let name: String
    let tensor: Tensor
    let path: ModelPath
    /// Whether it has no elements of its own.
    let isTied: Bool
  }

  /// Nil where the reading has no statement that was understood.
  init?(_ reading: Reading, _ structure: StructureIndex) {
    guard let statement = reading.statement?.statement, let file = reading.model.compressionStatement else {
      return nil
    }
    self.statement = statement
    self.file = file
    steps = Set(statement.steps.map { ExactString($0.name) })
    var variables: [Named] = []
    var places: [ExactString: Int] = [:]
    for scope in structure.scopes where scope.role == .model || scope.role == .main {
      for (index, variable) in scope.variables.enumerated() {
        if places.updateValue(variables.count, forKey: ExactString(variable.name)) != nil { continue }
        variables.append(
          Named(
            name: variable.name, tensor: variable.tensor, path: scope.variablePath(index),
            isTied: variable.tiedTo != nil))
      }
    }
    self.variables = variables
    self.places = places
  }

  /// The variable of a name.
  func variable(_ name: String) -> Named? { places[ExactString(name)].map { variables[$0] } }

  /// The place of a field of the statement.
  func place(_ path: String) -> Place { Place(file, path: path) }
}

/// Judges what a compression statement says, where there is one that was understood.
protocol StatementCheck: Check {
  /// Adds what the statement does not meet.
  func judge(
    _ index: CompressionIndex, _ sample: Sample, by requirement: Requirement, _ findings: inout Findings
  ) throws
}

extension StatementCheck {
  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) throws {
    guard let index = sample.compression else { return }
    try judge(index, sample, by: requirement, &findings)
  }
}

extension Findings {
  /// Adds what was seen at a field of a compression statement.
  mutating func add(
    _ kind: Finding.Kind = .malformed, in index: CompressionIndex, _ path: String, expected: String? = nil,
    actual: String? = nil
  ) {
    add(kind, at: index.place(path), expected: expected, actual: actual)
  }
}

/// The checks of compression statements (profile clause 7).
let statementChecks: [any Check] = [
  CompressionStepsPresent(), CompressionStepNamesDistinct(), CompressionStepMethodKnown(),
  CompressionStepToolPresent(), CompressionStepToolVersionPresent(), CompressionDigestsPresent(),
  CompressionRecordUnbroken(), CompressionTargetsMatch(), CompressionDataDigestPresent(),
  CompressionMetricWithinLimit(), CompressionChainNamesDistinct(), CompressionChainStepsExist(),
  CompressionChainExists(), CompressionChainStagesAgree(), CompressionClaimedRatio(),
  CompressionClaimedBitsPerWeight(), CompressionStatementMinorVersionKnown(),
  ReductionStepExists(), ReductionKeptForm(), ReductionTensorExists(), ReductionDimsAgree(),
  ReductionAxisOnce(), ReductionNamesAgree(), ReductionArchitectureAgrees(), TokenReductionForm(),
  QuantityForm(), QuantityStaticScalePresent(), ScaledFloatMXForm(),
  AdditionForm(), AdditionVariablesExist(), AdditionDims(),
  DistillationTeacherNamed(), DistillationTeacherByDigest(), DistillationSettingsForm(),
  TransferOrderSound(),
]
