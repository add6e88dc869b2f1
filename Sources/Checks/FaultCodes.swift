import Compression
import Formats
import Packaging
import Storage

/// Every fault code that a reader may log, by the enumeration that declares it; each is the key of a requirement.
///
/// A test reads the sources and finds an enumeration that is missing here.
let allFaultCodes: [String: [String]] = [
  // What keeps an encoder from its work is no fault of a file.
  "CompressionFault": codes(CompressionFault.self).filter {
    $0 != CompressionFault.quantizerInputFinite.rawValue
  },
  "FileFault": codes(FileFault.self),
  "HuggingFaceFault": codes(HuggingFaceFault.self),
  "NativeFault": codes(NativeFault.self),
  "ONNXFault": codes(ONNXFault.self),
  "PackageFault": codes(PackageFault.self),
  "SafetensorsFault": codes(SafetensorsFault.self),
  "SampleFault": codes(SampleReader.SampleFault.self),
  "StatementFault": codes(StatementFault.self),
  "TransmissionFault": codes(TransmissionFault.self),
  "UnreadFormatFault": codes(UnreadFormatFault.self),
]

private func codes<Code: FaultCode>(_: Code.Type) -> [String] { Code.allCases.map(\.rawValue) }
