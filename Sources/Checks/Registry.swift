/// Every check of the project, by clause.
let allChecks: [any Check] =
  fileChecks + descriptionChecks + structureChecks + nativeChecks + onnxChecks
  + safetensorsChecks + packageChecks + statementChecks + stageRemarkChecks + comparisonChecks
