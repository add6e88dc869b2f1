public import Packaging
public import Profile

extension ProtectionError {
  /// What is wrong with a key or certificate that a user gave, in both languages.
  public var text: Text {
    switch self {
    case .absent(let labels):
      let list = labels.joined(separator: ", ")
      return Text(zh: "没有所需的 PEM 块（\(list)）", en: "there is no PEM block of these: \(list)")
    case .damaged(let item):
      return Text(zh: "\(item) 已损坏或无法读取", en: "\(item) is damaged or cannot be read")
    case .unsuitable(let found, let needed):
      return Text(
        zh: "密钥类型为 \(found)，此处应为：\(needed)", en: "the key is \(found); what serves here is \(needed)")
    case .passphraseNeeded:
      return Text(zh: "私钥已加密，而未给出口令", en: "the private key is encrypted, and no passphrase was given")
    case .passphraseWrong:
      return Text(zh: "口令不正确，或私钥已损坏", en: "the passphrase is wrong, or the private key is damaged")
    case .certificateNeeded(let found):
      return Text(
        zh: "向 \(found) 密钥封装内容密钥须给出其证书（CMS 以证书的签发者和序列号标明接收者）",
        en:
          "to wrap for a key of \(found) its certificate is needed: CMS names a recipient by issuer and serial number"
      )
    case .refused(let operation, let reason):
      return Text(
        zh: "密码库不能完成 \(operation)：\(reason)", en: "the cryptographic library refuses \(operation): \(reason)")
    }
  }
}
