public import Storage

/// What can be wrong with a compression statement as a text; each is the key of a requirement.
public enum StatementFault: String, FaultCode {
  case readable = "compression-statement-readable"
  case format = "compression-statement-format"
  case majorVersionSupported = "compression-statement-major-version-supported"
  case fieldsKnown = "compression-statement-fields-known"
  case fieldsForm = "compression-statement-fields-form"
  case withinLimits = "compression-statement-within-limits"
  case metricForm = "compression-metric-form"
  case quantityForm = "quantity-form"
  case additionForm = "addition-form"
}
