/// The checks of the requirements that speak of the description of a model (profile clause 6.1).
let descriptionChecks: [any Check] =
  identityChecks + licenceChecks + contributorChecks + architectureChecks + hyperParameterChecks
  + preTrainingChecks + parameterCountChecks + assetChecks + extensionChecks + [
    MetadataAgrees()
  ]
