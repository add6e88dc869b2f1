/// What must hold of a sample for a requirement to apply to it.
///
/// Conditions are named here and decided in `Checks`; a requirement whose conditions do not hold is not applicable.
public enum Condition: String, Sendable, Hashable, CaseIterable {
  case carriesNative = "carries.native"
  case carriesONNX = "carries.onnx"
  case carriesSafetensors = "carries.safetensors"
  case carriesHuggingFace = "carries.huggingface"
  case carriesGGUF = "carries.gguf"
  case carriesMindIR = "carries.mindir"
  case carriesPaddle = "carries.paddle"
  case carriesPickle = "carries.pickle"
  case carriesPackage = "carries.package"
  case carriesSegments = "carries.segments"
  case isEncrypted = "package.encrypted"
  case isSigned = "package.signed"
  case hasSignature = "package.signature-at-hand"
  case hasRights = "package.has-rights"
  case trustSupplied = "policy.trust-supplied"
  case signatureRequired = "policy.requires-signature"
  case detachedSupplied = "policy.detached-supplied"
  case keySupplied = "policy.key-supplied"
  case originalSupplied = "comparison.original-supplied"
  case policySupplied = "comparison.policy-supplied"
  case formatRecognised = "format.recognised"
  case hasHuggingFaceConfiguration = "huggingface.has-configuration"
  case representationReadable = "representation.readable"
  case metadataSupplied = "metadata.supplied"
  case hasName = "model.has-name"
  case hasProducer = "model.has-producer"
  case hasLicence = "model.has-licence"
  case hasContributors = "model.has-contributors"
  case hasArchitecture = "model.has-architecture"
  case hasModalities = "model.has-modalities"
  case hasPreTraining = "model.has-pre-training"
  case hasIdentifier = "model.has-identifier"
  case hasVersion = "model.has-version"
  case hasProfile = "model.has-profile"
  case hasParameterCount = "model.has-parameter-count"
  case hasAssets = "model.has-assets"
  case hasGraph = "model.has-graph"
  case hasBlocks = "model.has-blocks"
  case hasParameters = "model.has-parameters"
  case hasTensors = "model.has-tensors"
  case hasSparseTensors = "model.has-sparse-tensors"
  case hasCompressedTensors = "model.has-compressed-tensors"
  case hasTies = "model.has-ties"
  case hasFiles = "model.has-files"
  case hasPartitions = "model.has-partitions"
  case hasExtensions = "model.has-extensions"
  case hasProperties = "model.has-properties"
  case hasCompression = "model.has-compression"
  case hasDigests = "model.has-digests"
  case statementAtHand = "statement.at-hand"
  case statementUnderstood = "statement.understood"
  case hasReductions = "statement.has-reductions"
  case hasQuantities = "statement.has-quantities"
  case hasAdditions = "statement.has-additions"
  case hasClaims = "statement.has-claims"
  case reducesTokens = "step.token-reduction"
  case distils = "step.distillation"
  case merges = "step.merge"

  /// Whether the condition speaks of what the model holds, so that nothing is known of it until that was read.
  public var speaksOfContent: Bool { rawValue.hasPrefix("model.") }

  /// Why a requirement does not apply where the condition does not hold.
  public var reason: Text {
    switch self {
    case .carriesNative: Text(zh: "样本不含本规程自有格式", en: "the sample holds no native representation")
    case .carriesONNX: Text(zh: "样本不含 ONNX 文件", en: "the sample holds no ONNX file")
    case .carriesSafetensors: Text(zh: "样本不含 safetensors 文件", en: "the sample holds no safetensors file")
    case .carriesHuggingFace: Text(zh: "样本不是 Hugging Face 目录", en: "the sample is no Hugging Face directory")
    case .carriesGGUF: Text(zh: "样本不含 GGUF 文件", en: "the sample holds no GGUF file")
    case .carriesMindIR: Text(zh: "样本不含 MindIR 文件", en: "the sample holds no MindIR file")
    case .carriesPaddle: Text(zh: "样本不含 Paddle 文件", en: "the sample holds no Paddle file")
    case .carriesPickle: Text(zh: "样本不含 pickle 文件", en: "the sample holds no pickle")
    case .carriesPackage: Text(zh: "样本不是封装", en: "the sample is no package")
    case .carriesSegments: Text(zh: "样本不是分段文件夹", en: "the sample is no folder of segments")
    case .isEncrypted: Text(zh: "样本不是加密的封装", en: "the sample is no package that is encrypted")
    case .isSigned: Text(zh: "样本不是有签名的封装", en: "the sample is no package that is signed")
    case .hasSignature:
      Text(zh: "封装没有签名，也没有另存的签名", en: "the sample is no package with a signature in it or kept apart")
    case .hasRights: Text(zh: "样本不是载有权利的封装", en: "the sample is no package that states rights")
    case .trustSupplied: Text(zh: "未用 --trust 给出信任策略", en: "no --trust was given for a package")
    case .signatureRequired: Text(zh: "没有要求封装须有签名的策略", en: "no policy asks for a signature of a package")
    case .detachedSupplied: Text(zh: "未用 --detached 给出另存的签名", en: "no --detached was given for a package")
    case .keySupplied: Text(zh: "未用 --key 给出私钥", en: "no --key was given for a package")
    case .originalSupplied:
      Text(zh: "未提供原模型（compare 才判定）", en: "no original was given (only compare judges it)")
    case .policySupplied:
      Text(zh: "未提供用户的验收限值（--policy）", en: "no limits of the user's own were given (--policy)")
    case .formatRecognised: Text(zh: "未能识别样本的格式", en: "the sample's format was not recognised")
    case .hasHuggingFaceConfiguration:
      Text(zh: "目录中没有 config.json", en: "the directory has no config.json")
    case .representationReadable: Text(zh: "暂不支持读取此格式的内容", en: "the content of this format is not read yet")
    case .metadataSupplied: Text(zh: "未用 --metadata 提供元数据", en: "no --metadata was given")
    case .hasName: Text(zh: "模型无名称", en: "the model has no name")
    case .hasProducer: Text(zh: "模型未声明生成工具", en: "the model states no producer")
    case .hasLicence: Text(zh: "模型未声明许可证", en: "the model states no licence")
    case .hasContributors: Text(zh: "模型未列出贡献者", en: "the model lists no contributors")
    case .hasArchitecture: Text(zh: "模型未描述架构", en: "the model describes no architecture")
    case .hasModalities: Text(zh: "模型未声明模态", en: "the model states no modalities")
    case .hasPreTraining: Text(zh: "模型未附预训练说明", en: "the model has no pre-training statement")
    case .hasIdentifier: Text(zh: "模型无标识符", en: "the model has no identifier")
    case .hasVersion: Text(zh: "模型未声明版本", en: "the model states no version")
    case .hasProfile: Text(zh: "模型未声明所依据的技术规程", en: "the model states no profile")
    case .hasParameterCount: Text(zh: "模型未声明参数量", en: "the model states no parameter count")
    case .hasAssets: Text(zh: "模型不含资产文件", en: "the model has no assets")
    case .hasGraph: Text(zh: "模型不含计算图", en: "the model has no graph")
    case .hasBlocks: Text(zh: "模型不含块", en: "the model has no blocks")
    case .hasParameters: Text(zh: "模型不含参数", en: "the model has no parameters")
    case .hasTensors: Text(zh: "模型不含张量", en: "the model has no tensors")
    case .hasSparseTensors: Text(zh: "模型不含稀疏张量", en: "the model has no sparse tensors")
    case .hasCompressedTensors: Text(zh: "模型不含压缩张量", en: "the model has no compressed tensors")
    case .hasTies: Text(zh: "模型不含共享的变量", en: "the model has no tied variables")
    case .hasFiles: Text(zh: "模型没有参数文件", en: "the model has no parameter files")
    case .hasPartitions: Text(zh: "模型未作切分", en: "the model has no partitions")
    case .hasExtensions: Text(zh: "模型不含扩展", en: "the model has no extensions")
    case .hasProperties: Text(zh: "模型不含附加属性", en: "the model has no properties")
    case .hasCompression: Text(zh: "模型未声明压缩", en: "the model states no compression")
    case .hasDigests: Text(zh: "模型未声明摘要", en: "the model declares no digests")
    case .statementAtHand, .statementUnderstood:
      Text(zh: "模型没有压缩说明", en: "the model has no compression statement")
    case .hasReductions: Text(zh: "压缩说明未列出缩减", en: "the compression statement lists no reductions")
    case .hasQuantities: Text(zh: "压缩说明未列出激活或缓存的量化", en: "the compression statement lists no quantities")
    case .hasAdditions: Text(zh: "压缩说明未列出新增变量", en: "the compression statement lists no additions")
    case .hasClaims: Text(zh: "压缩说明未作效果声明", en: "the compression statement makes no claims")
    case .reducesTokens: Text(zh: "压缩说明中没有词元缩减步骤", en: "no step of a compression statement reduces tokens")
    case .distils: Text(zh: "压缩说明中没有蒸馏步骤", en: "no step of a compression statement is a distillation")
    case .merges: Text(zh: "压缩说明中没有合并步骤", en: "no step of a compression statement is a merge")
    }
  }
}
