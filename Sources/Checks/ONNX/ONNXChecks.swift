/// The checks of what ONNX asks of a file, apart from what its reader sees.
let onnxChecks: [any Check] = [
  ONNXExternalOffsetAligned(),
  ONNXStringsUTF8(),
  ONNXSparseIndicesSorted(),
  ONNXFunctionImportsComplete(),
]
