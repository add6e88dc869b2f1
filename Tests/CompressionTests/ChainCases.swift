// What the implementation in Python gives for elements at random (seed 7); conformance/oracle/compression.py.

import Numerics
import Representation

extension ChainCase {
  /// Elements, and the chain that the implementation in Python makes of them.
  static let fromPython: [ChainCase] = {
    var cases: [ChainCase] = []
    func add(
      _ name: String, _ type: TensorType, _ elements: String, _ stages: [Stage], _ payload: Tensor
    ) {
      cases.append(ChainCase(name: name, type: type, elements: elements, stages: stages, payload: payload))
    }
    add(
      "permute f32 (3, 4)", TensorType(.f32, shape: [3, 4]),
      "8b4ae5f1946a26af63f90a9442276ad54451370e3527fa4871aca1e9dd06f27f5f19a62121397c1e49dc03d185527357",
      [.permute(PermuteStage(axes: [1, 0]))],
      inline(
        .f32, [4, 3],
        "8b4ae5f14451370e5f19a621946a26af3527fa4821397c1e63f90a9471aca1e949dc03d142276ad5dd06f27f85527357"))
    add(
      "permute u8 (2, 3, 5)", TensorType(.u8, shape: [2, 3, 5]),
      "b76fe9216d1a0b85fe887134850882a67c9f223e69e51ceb1e871075c9ed",
      [.permute(PermuteStage(axes: [2, 0, 1]))],
      inline(.u8, [5, 2, 3], "b71a71a669876f0b347ce510e985859f1c7521fe0822ebc96d88823e1eed"))
    add(
      "permute f16 (4, 1, 3, 2)", TensorType(.f16, shape: [4, 1, 3, 2]),
      "0e8ad64f119726ed4830809aab5fca7b8bb4bf3b8375aadf9138531c6e7912db7e01f5d2345516831d28924379a1bc2f",
      [.permute(PermuteStage(axes: [3, 1, 0, 2]))],
      inline(
        .f16, [2, 1, 4, 3],
        "0e8a11974830ab5f8bb4837591386e797e0134551d2879a1d64f26ed809aca7bbf3baadf531c12dbf5d216839243bc2f"))
    add(
      "permute complex64 (2, 3)", TensorType(.complex64, shape: [2, 3]),
      "9b933ee8f323726a49f7c61bc8a356ba24ee3a14d9faef6e40dba9ae24b7db0e078693470d5a23dd499b43e7979be487",
      [.permute(PermuteStage(axes: [1, 0]))],
      inline(
        .complex64, [3, 2],
        "9b933ee8f323726a40dba9ae24b7db0e49f7c61bc8a356ba078693470d5a23dd24ee3a14d9faef6e499b43e7979be487"))
    add(
      "permute complex128 (3, 2)", TensorType(.complex128, shape: [3, 2]),
      "f21cd3a408f80223e293ddd808453d6bac90efd8aba2b4d097226df8d446a703fdb2bdddd8e1e2a09b633f7c349903cb473dc4f3ea335483e46f64168344d1b96a410c3bade3f6390e4a62312e48d232dcc3f3e848e3f55cb7e22d1bad8ded2d",
      [.permute(PermuteStage(axes: [1, 0]))],
      inline(
        .complex128, [2, 3],
        "f21cd3a408f80223e293ddd808453d6bfdb2bdddd8e1e2a09b633f7c349903cb6a410c3bade3f6390e4a62312e48d232ac90efd8aba2b4d097226df8d446a703473dc4f3ea335483e46f64168344d1b9dcc3f3e848e3f55cb7e22d1bad8ded2d"
      ))
    add(
      "permute u4 (3, 5)", TensorType(.u4, shape: [3, 5]), "85db9bf81ebf2409",
      [.permute(PermuteStage(axes: [1, 0]))],
      inline(.u4, [5, 3], "958fb8fbd42e1b09"))
    add(
      "permute f6e2m3 (3, 3)", TensorType(.f6e2m3, shape: [3, 3]), "12df1134b15e34",
      [.permute(PermuteStage(axes: [1, 0]))],
      inline(.f6e2m3, [3, 3], "12b1f2f4d51134"))
    add(
      "permute i2 (2, 3, 3)", TensorType(.i2, shape: [2, 3, 3]), "91a7062600",
      [.permute(PermuteStage(axes: [0, 2, 1]))],
      inline(.i2, [2, 3, 3], "295b260402"))
    add(
      "permute f64 (0, 4)", TensorType(.f64, shape: [0, 4]), "",
      [.permute(PermuteStage(axes: [1, 0]))],
      inline(.f64, [4, 0], ""))
    add(
      "permute bool (2, 2, 2, 2)", TensorType(.bool, shape: [2, 2, 2, 2]), "00010000010100010000010101010000",
      [.permute(PermuteStage(axes: [3, 1, 2, 0]))],
      inline(.bool, [2, 2, 2, 2], "00000001010100000100000101010100"))
    add(
      "permute bf16 (35, 33)", TensorType(.bf16, shape: [35, 33]),
      "ea0d7dbf436bcbd99f7041891568db873c555a092da566faef7b93c29060f53af1a588d8ea4f104fd39da22d2a70abcd486a302ba51473b3d661d0a5f0cdfd813c3b1f53c2a2cc42ac2fde23a8b87a3c33dc1f6123da5480d1c06c7eda991ad4179bd024ee3bb5e3e5f1b549d2d4a3b8d14759222e4af1df09ac045f6b06c353c5f70fb74ea6b7422cd1fdc06df7e7c5df0f8a78afa253b2fa04157093640acdeef926f0b9363224d89b8c9bdf39ca5e7ba2127228c971a55c0b650840afd99bcd0b614c965b5a4350d97740c90f0c0eaea796f602a775c4357f02ac11ebb1ad75a4f1b09705057f616953a2e317d2bf97966e11de9e87d0df1c944cbe245a17169d64c7e469853e7afedc703cbb306b3d351fce8cbb322444badb7d6f7f17f60903811eb15266d20f5cac6b06e4feb79375448c3d00f6f39faf4841c6a951eaf5800586253b8d774e93bfc1a8dd5e7e9d116b0add68520847ed7cd8e9114d192fb194fbd7a38acc1d9faefa67c4e1615c3f045e80f8287d900c6deebf75bca5e6ac258ef3c3ba9295b4bd3c2acdb459ccb7fb186ea9df0c25130f3ad0d9c245482aaa77ca9c165cd81586bd18ed361361ed6a5104796189d9358f857d5ae10d7e763353d853aebe177f82a26f35287296b1f835560e2a1b10a43fd57923dc45a3d866f0763b20edd70fdb1aaff7ebf1002b170657b8e0c1dc5fdc39eee90cead3b780d199f4d10131623127ba91c7a5b1a3f47e0a43ceb0a6634d8c12d2bf66cc8fef6d0264e6d13bf7d817c51a5f7a828da1e1e40dc65cf577700ea1afb8d4905d9c05fd854555eb60758c1f11af37b91deeabdf8f2453727b69e103f71fd1c522eeac0729985f5ad34559b69f030781453cde3ea1062257311f8fe51f2c310cd19148cd43a7134eb2ee51131fd04d018d1a08a12a7c833f736c716ceb5e454bc102a67cb5b8e8016c6d6628ab5c154a92a2f1ab4217c60adc63ce94f59e33ab903e98134eb1cdf9f290308b52ede898eba7ee0d09006f4b528cd772ddb7c1f970124107acc184dad2357d8d3d89b957b149540908e6e2719a55a93073806a65e6aa782de06623b552d6cdbb53eb98c919393aa03fec2b7d2ba0a7fd75de6d9fe2ea9e316305ed75e0f7f33059b59098dcd17894b68bb6eb3828a83c3d5a4f6e00ce3c066d1d01daea748e48e7aa70908fac572c25422e77dadfbb3eaf7656246f9c81a2168dfe42e01b8f66426f45f47ca7174bd7027c1a97a3566f0e891165ca0d378df6f0ee4912723b2107883ae27ccae2696056228bd2829b93c730f628de40abecb1b42d4c04d617372f2c2c2c4c0f9b1db26c63c3b39c25bc4c7d7f39eb21b90abb4e60e0894305481fef64a21a691fbb0adf10380dd90b55c0794667e63c67d560fb1472da221cc17baacd1f70149b52443864113dd49932ea617d26331391a341e1cde2f4b87262d6db920048b721b51be4b5bd8f1c98c52546c4dd7d34aa9c3330731089b92975d1d89716cdeb04dbdcb308f5e2e70dd3ae641177715339da989b6b2449fb251a89eac2f265c3d53b56251ed91d542d5e460262d7b0bd2c4e5defb4c879a6e0ec3f36473bdfe6729eac854cf7f966d407335c110edecc73ca23742bf91fd4bf6b66dbf697fc8241e4e36b518d0154ef20baecab97373189ea1b4d7c576d1a3026645cba4db6e0aa45842cca09e6956518c50f5fe21c6799f31a49a8e413be4909cf9c2fb623390cdd6bdd6c48c76c395570f69a6d65bda15a8152ba7db71ca939538ca137858de5e7c18403152b063e404bd03d18c9498c2640d809fb1387b82fa9b0df4fe7eb44276af2f632a777a82943c68feae44318f2a131bf07c8d2dad029da7168f9912092988ea05baafea48a9d5f3ef91cc8400e3c044ab066486b6481141a4e081e89e3beaa5332b83adbcb9b104b8b66b619207d3d28ea6d106a5f516822e38acf9e33697ca4f63c8476f570d23d7d9adfc779663f6257794794700843ba11886ee7db236ef68baa90fcc620cc56198d4ff3209e7290175da0bc6d116f063b378de3daf624f9d2c311dd517078c2672f27569204d86b1d087b7bff27802f5d2c3478816b951ff75623f25cbe59cc1f34eb52eb45b25e3c2de22ee90ede69de357e729a54d184ce130c684a0048df38fcf647a3e078694502bea3b88526be4e7d7733909549490812285d96682947fcbce97cff3f6c7ef2e4e929d937778f409ea1bf80163a193c765b834580556ecfeff4248744a86e5a906b23e47ff53879dcf2d01915e1f7dfabe0c3889ea3373c1fa6212cbec0c9e963684ff203a0d3a8c0cfdb7a2ef2b9f78e2ec3905963f4b43c8c34715a3c474698af3331cc1c69ad58ed1b1adbf3767ad9b83dd7a3ab6d2874e5b47e748147fa154603b1f47431e611a89279a082b54a75aa6b4c9bd93db10e8bb93388ba9cee6e6dc97b56dc3a4cf3985dda838efdcd50e9f148d952d9100519a0255c65179ba8d4bd96474f391892c2a6e2ed8dd7219405b472b5f3f6ee44cd67b582fdd41c60a7c3c65e14db0daf07911a575c04faf118b59109ce03bb5fa395b22c05102b0a26860f1885c55a99dee683cdb4be20362f2747a15d87c7163fad8f425acffc2df24fd389071b8ff4220cea6725bfe6aa53b200b81c1ff3fafb8a7868b6660898cba849337763fd38d4ffee0d454af2dcd56d7b11253707fd64db6468ebbc980135d39e9d34f51a8e0b40fd57b9b50268449e3b310fe1ee9ba05fe192fb1530313fb0e765916d54632cfd1ffbef0f63afa5f92643130824f452500a77571a64ca71d6969e7ea3de5122c0f5f74ee0280f642b17dbb841b249721f8efbf082c04a434d85073a853d8403712f5b202a9fa208e92c179595fdd3845ffd9175a057dc80f7e5d4fb5e1401a7c94f831a1a2276df7666e47fdcd7e43436b8bf2f43884a2ce56316bc0934c58734624e87ac5af0736e4228efef16a3a8313b553bf2d8aa6dbb8f7bebc60f075d813e7a09b08a757298e02967f38e163d2cb60f2970495df78a48cbc7da077fa97b8978763eeafa351a58e9908d26d2d1c2c7866ac09d168cea03a0adb97471bef3914a2ae19eb69a8e9f86effe353506930960b5122ac9284bf258ae353b9e8fafa69abb8c1d5fab5cc6315bd6278d54aa5cf8ed1733a7e9faecec44629d3c972798e6afa69e68909990e933eef4601a76d9f8ee4a6be37b006747106bd7ac69aa284e58c660cf606f22a2c787dc7d65290b6d",
      [.permute(PermuteStage(axes: [1, 0]))],
      inline(
        .bf16, [33, 35],
        "ea0d1f534ea65a437afebfc12acd2872b1a3eeaba12a006f7d2bdfbb93c77946dd7dbd2cea1b52ba07c8106a6d11de69409ecfdb79a08dd72036d56d2643959516a3d1c25cf87dbfc2a2b74250d9dc70a8ddb45996b1f47edf8f7c834b52a0a73eaf30f667e634aa4e5d4d7c7db7d2da5f516f06de35a1bf7a2e82b521942f277b111308fdd3a831c786ed17436bcc422cd177403cbb5e7eccb7f8350a4324533f738cd7fd75765628de3c679c33efb4576d1ca9d02968223b377e728016f2b94a7505b447a1253724f4845f3b556ac033a7cbd9ac2ffdc0c90f306b9d11fb18560eceb0727b6c7172ddde6d246f40abd5603073c8791a303953da71e38a8de39a543a19f78eaa6b72b55d8707fd5250fd913bf29d16e9fa9f70de236df70c0e3d356b0a6ea92a1ba66369e16cebb7c19fe29c81ecb1fb141089a6e026648ca168f9cf9edaf6d1843c762ec34c9bf3f6c71664db0a7775a0d8aa8ceaecec4189a8b8e7c5aea71fcedd68df0c10a44d8c03f75e45f970ea9ea216b42d72dab929ec3f5cba37859120336924f9ce135b839059d93dee443fad6468571a57dc6dbb03a0446215687a3cdf0f96f68cbb520825133fd512d21fd14bc1124131638dfe4c04221c75d136474db68de592987ca4d2c30c68458063f4b10ecd678f42ebbc64ca80f78f7badb99d3cdb8733dc8a7802a7322447ed0f3a7923bf66c52202a607ac05ed42e0d617c17bd8973bdfe0aae7c18ea0f63c11dd4a00556eb43c8bb9b5825acf980171d6e5d4ebc6747197273c551f61afa275c444ba7cd8d0d9dc45cc8feeac7cb5c18475e01b8f372faacd16cde672458484035baa8476517048dfcfef8c343388fdd4fc2d35d3969efb5e0f07bef398e65a0923da53b2357fdb7de911c245a3d8ef6d0729b8e8dad2f7f366422c2c1f70eb049eac2cca152bfea4f57078c238fcf424715aba9c1c60f24f9e9d7ea314015d81914aafa62da55480fa0402ac6f7f4d19482a66f00264985f016c357d30596f452c4c149bdbdc854c09e6063e8a9dd23d672ff64787443c47ee6ea7c3d38934f5de51a7c93e7a2ae19e6866fad1c0157011eb17f62fb1aa77763be6d15ad36d668d3db590f47c0f9b5244b308f7f99565404b5f3e7d9a2756a3e0a86e46986dc9c65e071b1a8e22c04f8309b09eb69099ef7b6c7e9364b1ad090394fbca9c20ed3bf7455928ab89b998dca7171db23864f5e266d418c5d03df91cdfc7920478695a90af337b5614db8ff40b40f5f71a1a8a759a8e90e993c2da990acd75a4811ed7a3165cd70fd817b69f5c1557b1d1784bd76c63113de70d07330f5f18c9c8407966d86b45026b2331ccdc3a0daf220cfd574ee0227672989f8633ee90601ad4eef9f1b0b1528accd815db1ac51a03074a92495494b6027cc3b3d499d3ae5c11e21c498c0e3c3f621d08bea3e47f1c694cf30791ea67b9b5280fdf76e029effef460f53a179b26f0970566d21d9f86bdaff75f7a8145a2f109088bb61a979c2532ea64110ede67992640044a57797b7bb885f538ad58985d1a5725bf0268642b66e467f335351a76f1a5d024b936057f0f5caefa18edebf1828d3cdeab42e6e2eb38a356bc4c617d7771cc73f31ad809b0664794ff2726be79dced1bda835c04e6aa449e17db7fdc8e160693d9f888d8ee3b32246169ac6b67c43613002ba1e13ea117c6719a28a86f0e7d7f26335339ca2349a8fb13486b7008802f4e7df2d01adb8efdfaf153b23b31b841d7e43d2c0960ee4aea4fb5e3d89b53a206e4e16161ed1706e40d06220adc55a93c3d891139eb1391da98742be41387b8648143ba5d2c77331915f376cd5018b500b80fe1b2493436b60fb5126be3104fe5f18c9be317feb75c3f6a5157b8c65c573163ce30735a4f65ca21b9a3419b6bf91fbe492fa9141a118834789095e1f77ad9e9f191091c1fee9b721fb8bf29702ac97b00d39db549df39d2bf9375045e0479e0c1f5771f8f94f5806a6e000d370abbe1cd2449d4bf09cfb0df4e086ee7816b4949dfabb83d48d9ce03f3faa05f8efb2f43495d284b6747a22dd2d4ca5e9796448c80f86189dc5f700ee51f9e3365e6ce3c8df64e60e2f4fb256b669c2f4fe71e89db23951f0812e0c3d7a352d9bb5ffb8ae192f082884af78af258106b2a70a3b87ba26e113d00287dd935dc39a1af2c31ab90aa78066df0eee089b8721a89dbf6b623eb44e3be6ef6f756285d889eab6d1005a3957868fb15c04a2ce548cbae35d7acabcdd1471272de9ef6f3900c8f85eee9b8d40cd13e982de01d014912430562d6eac297fc390c276aaa538baa23f29668a337287419a0b22cb6663031434d6316c7da3b9e69aa486a592228c987d09faf6dee7d5a0cea905d9148134e6623daea723b481fdb92f2658241dd6bf2f632b890fc5cbe29473c1fe5b4255c051008983fb08507bc09077f8faf284e302b2e4a71a5df1c4841bf75e10dd3b79c05cd43b1cdb552748e2107ef640048c3d5e4e3dd6c32a73adbc62059ccfcbca6217e7465172b0acba8e7653a8534c5a97ba69a58c6a514f1df5c0b944cc6a9bca57e7680d1fd85a713f9f2d6cd48e7883aa21ab7213b566b5148c777a8cb9bcc561f34e97c2cbe81479ba826864933916d3d8487348978bb8c60cf73b309ac6508be2451eae6ac335399f445554eb29030bb53aa70e27c691fb51b251e8d016c392943104b198deb52ff3fc0c9fa15d4bd0f18776354630371624e763e1d5f606fd661045f40af5a17f580258ed853d101eb60ee518b52eb98908fcae2bb0ae4b5d91d54ef5570c68f8b664ff3eb456c7ee9634603964785c5fd382cfd2f5b87aceafaab5c22a2d0a56b06d99b169d0586f3c3aebe3162758c131fede8c919ac576960df10bd8f542d20baf69aeae4b619209eb25ef2e4684fb1f44f395a99d4ff1ffb202a5af0351ac631c787f0cdc353cd0b64c7253bba92177f31271f11d04d98eb393a2c255622380d1c985e46ecab6d654318207d72903c2de929f20374311892dee6ee0def0f9fa2736e58e95bd6dc7dfd81c5f7614ce4698d7795b482a2ba91af37018da7eea03f422e8bd2d90bc52502629737bda1f2a13d28175de22ed937a0d3e611c2a683cd454a63af08e94228908d278d65293c3b0fb7965b853e4e93bd3c6f35c7a5b91d1a080d09ec2b77da829b55c046c4d7b031895a8131bfea6da0bce90e778fa8c0a892e2edb4bef2dca5f92c17efef26d254aa0b6d"
      ))
    add(
      "permute i64 (2, 1, 3)", TensorType(.i64, shape: [2, 1, 3]),
      "424f3853f164804219324a1d3a1ef3cc362a4d5fb7f687e9777626d8ed39bede58ed78bd10067a80d458e16cb0a00d5e",
      [.permute(PermuteStage(axes: [1, 2, 0]))],
      inline(
        .i64, [1, 3, 2],
        "424f3853f1648042777626d8ed39bede19324a1d3a1ef3cc58ed78bd10067a80362a4d5fb7f687e9d458e16cb0a00d5e"))
    add(
      "reshape", TensorType(.i16, shape: [2, 6]), "cce042c15db1a69a901eb8a18f279ce3896273b7b53d539d",
      [.reshape(ReshapeStage(sizes: [3, 4]))],
      inline(.i16, [3, 4], "cce042c15db1a69a901eb8a18f279ce3896273b7b53d539d"))
    add(
      "parts", TensorType(.complex128, shape: [2]),
      "6d8feb6c87fd8cc933106b5cd0a5f64f762536240c4dbfd433f7e3caf869bf04",
      [.parts],
      inline(.f64, [2, 2], "6d8feb6c87fd8cc933106b5cd0a5f64f762536240c4dbfd433f7e3caf869bf04"))
    add(
      "codes f8e4m3fn", TensorType(.f8e4m3fn, shape: [3, 3]), "9602b710ec2f7cdb5c",
      [.codes],
      inline(.u8, [3, 3], "9602b710ec2f7cdb5c"))
    add(
      "codes bool", TensorType(.bool, shape: [3, 3]), "010000010001000101",
      [.codes],
      inline(.u8, [3, 3], "010000010001000101"))
    add(
      "codes i2", TensorType(.i2, shape: [3, 3]), "fe6602",
      [.codes],
      inline(.u2, [3, 3], "fe6602"))
    add(
      "codes f4e2m1", TensorType(.f4e2m1, shape: [3, 3]), "6e23d7030b",
      [.codes],
      inline(.u4, [3, 3], "6e23d7030b"))
    add(
      "codes f64", TensorType(.f64, shape: [3, 3]),
      "23a2844edc2982fd46d124e44f41258f0dd7d96eefb2295c879f87416837e33b96a7641f86e0d52e42d2d3fa5521c652bc3da6365c3406daf1ad6198045dd500e71c6f40c0e435c9",
      [.codes],
      inline(
        .u64, [3, 3],
        "23a2844edc2982fd46d124e44f41258f0dd7d96eefb2295c879f87416837e33b96a7641f86e0d52e42d2d3fa5521c652bc3da6365c3406daf1ad6198045dd500e71c6f40c0e435c9"
      ))
    add(
      "planes f16", TensorType(.f16, shape: [3, 5]),
      "f47407dcbb0580f7dc06ac48a4dea48e6b1d72130fca707a9f134196d76c",
      [.planes],
      inline(.u8, [2, 15], "f407bb80dcaca4a46b720f709f41d774dc05f70648de8e1d13ca7a13966c"))
    add(
      "planes f32", TensorType(.f32, shape: [3, 5]),
      "d1b24eaf4bb212d847839e3e0d5c93838c91af408da1cb344c405c08c26d0154080f0e36ce6c04563d341b1b6396fedde950dc25834a08737886d7c3",
      [.planes],
      inline(
        .u8, [4, 15],
        "d14b470d8c8d4cc208ce3d63e98378b2b2835c91a1406d0f6c3496504a864e129e93afcb5c010e041bfedc08d7afd83e834034085436561bdd2573c3"
      ))
    add(
      "planes i64", TensorType(.i64, shape: [3, 5]),
      "7a9c3168477dedbe558571bc06e209b10a20c923cc005220a393d66df06f71867015665153e279b09d21e3385060e255b66ce1199a7aff80cd49eabd37b2d6f95c24973da30bbca25e44f70c5aa2828054d986e25435e51038d9c2616817051f9a87e9871411ccd9bcd0c977dbf01abebb6bec4d9cc6c8d5",
      [.planes],
      inline(
        .u8, [8, 15],
        "7a550aa3709db6cd5c5e54389abcbb9c85209315216c492444d9d987d06b3171c9d666e3e1ea97f786c2e9c9ec68bc236d513819bd3d0ce26187774d4706ccf053509a37a35a546814db9c7de2006fe2607ab20ba2351711f0c6ed09527179e2ffd6bc82e505cc1ac8beb12086b05580f9a280101fd9bed5"
      ))
    add(
      "planes u16", TensorType(.u16, shape: [3, 5]),
      "739295d8f57a5e3b106898a7fe83757ce85a3581e3499a55e82fb4a2975f",
      [.planes],
      inline(.u8, [2, 15], "7395f55e1098fe75e835e39ae8b49792d87a3b68a7837c5a8149552fa25f"))
    add(
      "planes empty", TensorType(.f32, shape: [0, 5]), "",
      [.planes],
      inline(.u8, [4, 0], ""))
    add(
      "pack i16 1", TensorType(.i16, shape: [5, 7]),
      "0000ffffffff00000000ffff0000ffff00000000ffff000000000000ffffffffffff00000000ffff0000000000000000ffff00000000000000000000ffff00000000ffffffff",
      [.pack(PackStage(width: 1))],
      inline(.u8, [5], "a6c4094106"))
    add(
      "pack i16 2", TensorType(.i16, shape: [3, 3]), "0100ffff0100fefffefffefffeff01000000",
      [.pack(PackStage(width: 2))],
      inline(.u8, [3], "9d6a00"))
    add(
      "pack i16 3", TensorType(.i16, shape: [5, 7]),
      "fcff02000300fdff00000300fefffeff0000030003000200fefffffffdfffeff0300fcfffdfffcfffdff0100feff020000000300fefffefffcff03000200fefffdff03000000",
      [.pack(PackStage(width: 3))],
      inline(.u8, [14], "d48ad9d8e4d763d95898cdc91d00"))
    add(
      "pack i16 4", TensorType(.i16, shape: [3, 3]), "0600fdfffaff01000500f9ff0300f8ff0300",
      [.pack(PackStage(width: 4))],
      inline(.u8, [5], "d61a958303"))
    add(
      "pack i16 5", TensorType(.i16, shape: [5, 7]),
      "0c000a0003000100f4ff00000d00fbfff8ff0b0001000c00f1fff5ff050008000f00f8fff8fff5ff0700f6ff0c0002000500f8ff0700f7fff5fff3fff4fffafff3ff0800fbff",
      [.pack(PackStage(width: 5))],
      inline(.u8, [22], "4c8d4041db7805166b410fe37a2c13059f5b27d5136d"))
    add(
      "pack i16 6", TensorType(.i16, shape: [3, 3]), "e1ff1900feff090006001200e3fff6fff2ff",
      [.pack(PackStage(width: 6))],
      inline(.u8, [7], "61e6278634da32"))
    add(
      "pack i16 7", TensorType(.i16, shape: [5, 7]),
      "09003400c1ff3f00fcff2c003900d5ffddff2100f5fff9ffe7ffd5ff2b00fdffc1ff3600cfff30001a00f2fff2ffc8fff2ff330030003e00150001002700dcff33000500f9ff",
      [.pack(PackStage(width: 7))],
      inline(.u8, [31], "095af0c767e5aadd503d7faeaefa41db13a691cb91f219cc57099cb8b3421e"))
    add(
      "pack i16 8", TensorType(.i16, shape: [3, 3]), "32001600fbff6600daff5800bfffe8ffcbff",
      [.pack(PackStage(width: 8))],
      inline(.u8, [9], "3216fb66da58bfe8cb"))
    add(
      "pack i16 9", TensorType(.i16, shape: [5, 7]),
      "5eff19ff220082fffd00e800a4ff04ff7d007400b6ff93003bffcfff6aff300023ff71ff51ff5600d2ff6a0041ff78002700fbffc4fff0004400bb0081ff250064005d00e0ff",
      [.pack(PackStage(width: 9))],
      inline(.u8, [40], "5e338a10dc0f1d69827de8d89eb4f3b95a1823e346b5225d4d503c27f61387476457e01264ba8007"))
    add(
      "pack i16 10", TensorType(.i16, shape: [3, 3]), "19ff51ffc60101ff9400c0009401a4ff27ff",
      [.pack(PackStage(width: 10))],
      inline(.u8, [12], "19476d5cc094004319e92703"))
    add(
      "pack i16 11", TensorType(.i16, shape: [5, 7]),
      "94fcdb037fffd7fc79fc3e00bdffe2fc150384fd05ff1c0283ff87fc59010fffdf0188fdd500cd02d8fda8fcd7ffb1fef800d90267037e017803a0017d03ed0377fd2ffc09fc",
      [.pack(PackStage(width: 11))],
      inline(
        .u8, [49],
        "94dcdedfaf99471ff45e9c15236cc13934f84366e5e1df416c359a855d545e3fd6f8c8d6d9fc8237d0f4ad7d777d610201"))
    add(
      "pack i16 12", TensorType(.i16, shape: [3, 3]), "a302c9fdeb03d705f80376fe6c03150327f9",
      [.pack(PackStage(width: 12))],
      inline(.u8, [14], "a392dceb735df863e76c53312709"))
    add(
      "pack i16 13", TensorType(.i16, shape: [5, 7]),
      "75f1aff21b01ba08870a9303650e67f8bff74cf054f41201ca08e4f2a60af2070ef4e7fa6204d609330a0ef31af2ceff4ef731f374fef8082601eb01910382f7fc04cf0ee7f2",
      [.pack(PackStage(width: 13))],
      inline(
        .u8, [57],
        "75f1556e045d74a82647993bc3bf9709525189a08cc8a5a9923f0ef45c8b11eb34a31ca68674fe4e3766d2797c6412d643e410bcfce4d99d4b"
      ))
    add(
      "pack i16 14", TensorType(.i16, shape: [3, 3]), "a50b96fa86f58ae9bd1603fc51f82b1e511c",
      [.pack(PackStage(width: 14))],
      inline(.u8, [16], "a58ba56e582ba6bdd6001f85af78511c"))
    add(
      "pack i16 15", TensorType(.i16, shape: [5, 7]),
      "69cc07e6bee5ff3d5ec3ffc7af2b061ec4f54ce544c042f6b8066e117aebddc53be19cdca73b50cda828ac1e36fc51dca7ccc9ff1b240cea142439de1fe6b337f10af5007f07",
      [.pack(PackStage(width: 15))],
      inline(
        .u8, [66],
        "69cc03b36ff9bfe735fc3fbeae0c3cc475a6321150c88e6b708be8adbb8b3b614eeee90eaa898a62f5d8f0a3b8a7cce4ff0689414d41caf17e98676ff18a7ac0df01"
      ))
    add(
      "pack i8 1", TensorType(.i8, shape: [5, 7]),
      "000000ff00ffffffff00ff00ff00ff0000000000ffffff0000ff0000ff000000000000",
      [.pack(PackStage(width: 1))],
      inline(.u8, [5], "e855701200"))
    add(
      "pack i8 2", TensorType(.i8, shape: [3, 3]), "0101ff00ffff000001",
      [.pack(PackStage(width: 2))],
      inline(.u8, [3], "350f01"))
    add(
      "pack i8 3", TensorType(.i8, shape: [5, 7]),
      "fd000000fc01fc0101fefefe01fd02fe020300fc0202010303ff0300fc00fe01ff01fe",
      [.pack(PackStage(width: 3))],
      inline(.u8, [14], "05c030b19dca1a2865fb40388f01"))
    add(
      "pack i8 4", TensorType(.i8, shape: [3, 3]), "05fafb0503f8fffa06",
      [.pack(PackStage(width: 4))],
      inline(.u8, [5], "a55b83af06"))
    add(
      "pack i8 5", TensorType(.i8, shape: [5, 7]),
      "0808f707f8030e0908f4fe02f404f80f0f00090ef2f606f6fc0c07fef9fdf40bf0f4f9",
      [.pack(PackStage(width: 5))],
      inline(.u8, [22], "08dd83874b887a41097e0f2427adb19c1d9f3b5d9066"))
    add(
      "pack i8 6", TensorType(.i8, shape: [3, 3]), "f9170f190c0bed0ffb",
      [.pack(PackStage(width: 6))],
      inline(.u8, [7], "f9f564ccd23e3b"))
    add(
      "pack i8 7", TensorType(.i8, shape: [5, 7]),
      "d82bed3c33293ee4f8d823f237d43fd8e53a13fcf1e4fbdbfb08e3edc231223e193f2b",
      [.pack(PackStage(width: 7))],
      inline(.u8, [31], "d8559b374bf9c878ec487ea3feb065dd841f27efb77bc4b82d8c897c99df0a"))
    add(
      "pack i4 1", TensorType(.i4, shape: [5, 7]), "fff00000f0f000000f00fff00f000fffff00",
      [.pack(PackStage(width: 1))],
      inline(.u8, [5], "0b0ab1d103"))
    add(
      "pack i4 2", TensorType(.i4, shape: [3, 3]), "fef1010f01",
      [.pack(PackStage(width: 2))],
      inline(.u8, [3], "de3101"))
    add(
      "pack i4 3", TensorType(.i4, shape: [5, 7]), "fefc0ed0eeece10fcc2cdefd1cd1f302020e",
      [.pack(PackStage(width: 3))],
      inline(.u8, [14], "3e6fa0361d1f24e5f64cba0b8201"))
    add(
      "pack i2 1", TensorType(.i2, shape: [5, 7]), "0003c0ffc03c0c0003",
      [.pack(PackStage(width: 1))],
      inline(.u8, [5], "10f8680201"))
    add(
      "pack u16 1", TensorType(.u16, shape: [5, 7]),
      "01000100000001000000000001000100010000000100010000000100010000000000010000000100010000000100010001000000000000000000000000000100000000000100",
      [.pack(PackStage(width: 1))],
      inline(.u8, [5], "cb6dda8104"))
    add(
      "pack u16 2", TensorType(.u16, shape: [3, 3]), "020001000000010002000200010002000300",
      [.pack(PackStage(width: 2))],
      inline(.u8, [3], "469a03"))
    add(
      "pack u16 3", TensorType(.u16, shape: [5, 7]),
      "00000500050005000200020003000000020007000600070000000500000007000400050001000400060003000600020001000300050001000400030006000400000000000400",
      [.pack(PackStage(width: 3))],
      inline(.u8, [14], "682b0dba8fe26ce85959c3990001"))
    add(
      "pack u16 4", TensorType(.u16, shape: [3, 3]), "06000100040005000a0003000c000b000900",
      [.pack(PackStage(width: 4))],
      inline(.u8, [5], "16543abc09"))
    add(
      "pack u16 5", TensorType(.u16, shape: [5, 7]),
      "16001500030013000600080019000c0019001b0007001e000e0005000900000005001e0004001b00150013001c001a00100013001f001c000a00070001000e00130015001f00",
      [.pack(PackStage(width: 5))],
      inline(.u8, [22], "b68e695066791fef4a02c5935d27d7707eae4e70b37e"))
    add(
      "pack u16 6", TensorType(.u16, shape: [3, 3]), "0d001f002d00050010002f002d000c003300",
      [.pack(PackStage(width: 6))],
      inline(.u8, [7], "cdd716d0db3233"))
    add(
      "pack u16 7", TensorType(.u16, shape: [5, 7]),
      "6f0036002a007e00210050002e0060004f00020006000e007e005b0029007800260050003d0074003d0007003200720032007000030050001300360044005a005d001f005900",
      [.pack(PackStage(width: 7))],
      inline(.u8, [31], "6f9bca1f82bac04f81c1e1dfa6f026688fde3bc8e432f8003ab111b5dd4f16"))
    add(
      "pack u16 8", TensorType(.u16, shape: [3, 3]), "aa000300b100ee008a0031004200c5000000",
      [.pack(PackStage(width: 8))],
      inline(.u8, [9], "aa03b1ee8a3142c500"))
    add(
      "pack u16 9", TensorType(.u16, shape: [5, 7]),
      "560064007900aa013e006c00c501260098007e00970109014d002c01cf01c101da01b501ba01ef013701c401a500e600aa0048001e00e9015b017500ac003e01450087002e00",
      [.pack(PackStage(width: 9))],
      inline(.u8, [40], "56c8e451ed834d711398fc5c4ed884e5f3e0da6beb7e7f93782973aa907848bfb50e2b9f450eb900"))
    add(
      "pack u16 10", TensorType(.u16, shape: [3, 3]), "44038b01cd00c500ae01c202e000ce007103",
      [.pack(PackStage(width: 10))],
      inline(.u8, [12], "442fd64c31ae090b8e337103"))
    add(
      "pack u16 11", TensorType(.u16, shape: [5, 7]),
      "0000f4041f000b052602840200046901d905db066a031d062406e0051b06fa07db0179049b076d01c502e004b0004c027b021a046904ac0385068204f2055e078a047b06b903",
      [.pack(PackStage(width: 11))],
      inline(
        .u8, [49],
        "00a0e707166a224201302dd9ddb6da3a4c62f06e58ffdbc9e3e6db522c70c282497bd2601a59576841cad7eb8adc73ee00"))
    add(
      "pack u16 12", TensorType(.u16, shape: [3, 3]), "a406b900130d6301c40d8502620cb00fd208",
      [.pack(PackStage(width: 12))],
      inline(.u8, [14], "a4960b133d16c45d28620cfbd208"))
    add(
      "pack u16 13", TensorType(.u16, shape: [5, 7]),
      "8218c71ce91abe0f3f1d63032c03b508d91f0a15ff05210c6300870d3a13de0c0e1025063a02fe02bc159201fe05851568195f0ab80f9e0e6618ed1db51a0d14fd17f0195b1b",
      [.pack(PackStage(width: 13))],
      inline(
        .u8, [57],
        "82f898a76bdff7d3c706cba845d95fa1fe971036060e9bcef4660eb0c4e8087fc15b25837f29ac68f94be13e4f6786db7bad6ea0fd173e6f6d"
      ))
    add(
      "pack u16 14", TensorType(.u16, shape: [3, 3]), "c930f42d093d61174604dd1f95189c02c63c",
      [.pack(PackStage(width: 14))],
      inline(.u8, [16], "c9307d9bd0875d4644f75789710ac63c"))
    add(
      "pack u16 15", TensorType(.u16, shape: [5, 7]),
      "1a7d723b9f5d5179e53ca9178c0eb6076d089e72105aa334fb7a0f410330d7779b5c161c5259ed7b2a32c232c344ab1f1878ea1d3a675c424354c53b44586b71ac478006e35d",
      [.pack(PackStage(width: 15))],
      inline(
        .u8, [66],
        "1a7db9dd67372a5fce4bbd303a6c0f6d084f39847694b6af7f080ec0aeef9b5c0b8e54b67daf2213960d13573f1878f58ece994b38442dde1161d7e2ac4740c37817"
      ))
    add(
      "pack u8 1", TensorType(.u8, shape: [5, 7]),
      "0001000101010100000001000101000000000100000101000000000100010001000000",
      [.pack(PackStage(width: 1))],
      inline(.u8, [5], "7a3464a800"))
    add(
      "pack u8 2", TensorType(.u8, shape: [3, 3]), "020102020301020000",
      [.pack(PackStage(width: 2))],
      inline(.u8, [3], "a62700"))
    add(
      "pack u8 3", TensorType(.u8, shape: [5, 7]),
      "0204070100050507030605000205020404050706020300060003070702070005040606",
      [.pack(PackStage(width: 3))],
      inline(.u8, [14], "e283f673a18aecadc1d8afa3b401"))
    add(
      "pack u8 4", TensorType(.u8, shape: [3, 3]), "06090b020906050407",
      [.pack(PackStage(width: 4))],
      inline(.u8, [5], "962b694507"))
    add(
      "pack u8 5", TensorType(.u8, shape: [5, 7]),
      "00131e0f0e0e04111c1c1f051a100818060e101112031c061e1e1d090a18121f031210",
      [.pack(PackStage(width: 5))],
      inline(.u8, [22], "60fae71c899cffa221c2c6c1280737def7a4b0fc4342"))
    add(
      "pack u8 6", TensorType(.u8, shape: [3, 3]), "3b041b0730073e131c",
      [.pack(PackStage(width: 6))],
      inline(.u8, [7], "3bb11df0e14f1c"))
    add(
      "pack u8 7", TensorType(.u8, shape: [5, 7]),
      "272b5a2e09130e7e547856585a715c3a543246115e030a1f1b615e1d182c435b215937",
      [.pack(PackStage(width: 7))],
      inline(.u8, [31], "a795d6959838fc54bc15ab8d7375549931e21d283e9bb0b783610db7a1ec0d"))
    add(
      "pack u4 1", TensorType(.u4, shape: [5, 7]), "101000011010011010111111101010010101",
      [.pack(PackStage(width: 1))],
      inline(.u8, [5], "4a9afe6a05"))
    add(
      "pack u4 2", TensorType(.u4, shape: [3, 3]), "3220033203",
      [.pack(PackStage(width: 2))],
      inline(.u8, [3], "8ee303"))
    add(
      "pack u4 3", TensorType(.u4, shape: [5, 7]), "243672366031202710311162720503017207",
      [.pack(PackStage(width: 3))],
      inline(.u8, [14], "94a77b70065d4896c87a3104fa01"))
    add(
      "pack u2 1", TensorType(.u2, shape: [5, 7]), "504010100114014011",
      [.pack(PackStage(width: 1))],
      inline(.u8, [5], "8c44618105"))
    add(
      "trits 0", TensorType(.i2, shape: [0]), "",
      [.trits],
      inline(.u8, [0], ""))
    add(
      "trits 1", TensorType(.i2, shape: [1]), "03",
      [.trits],
      inline(.u8, [1], "00"))
    add(
      "trits 2", TensorType(.i2, shape: [2]), "01",
      [.trits],
      inline(.u8, [1], "05"))
    add(
      "trits 3", TensorType(.i2, shape: [3]), "04",
      [.trits],
      inline(.u8, [1], "10"))
    add(
      "trits 4", TensorType(.i2, shape: [4]), "51",
      [.trits],
      inline(.u8, [1], "4d"))
    add(
      "trits 5", TensorType(.i2, shape: [5]), "5000",
      [.trits],
      inline(.u8, [1], "9d"))
    add(
      "trits 6", TensorType(.i2, shape: [6]), "f705",
      [.trits],
      inline(.u8, [2], "a802"))
    add(
      "trits 7", TensorType(.i2, shape: [7]), "d00d",
      [.trits],
      inline(.u8, [2], "b803"))
    add(
      "trits 8", TensorType(.i2, shape: [8]), "7dd0",
      [.trits],
      inline(.u8, [2], "8907"))
    add(
      "trits 9", TensorType(.i2, shape: [9]), "37dd03",
      [.trits],
      inline(.u8, [2], "c306"))
    add(
      "trits 10", TensorType(.i2, shape: [10]), "03fd0f",
      [.trits],
      inline(.u8, [2], "c900"))
    add(
      "trits 11", TensorType(.i2, shape: [11]), "c4d011",
      [.trits],
      inline(.u8, [3], "618e02"))
    add(
      "trits 20", TensorType(.i2, shape: [20]), "c70ff730c0",
      [.trits],
      inline(.u8, [4], "0fae2428"))
    add(
      "trits 43", TensorType(.i2, shape: [43]), "fc3f4340713307033ccf30",
      [.trits],
      inline(.u8, [9], "015a7cb31e5f0d1c04"))
    add(
      "trits 100", TensorType(.i2, shape: [100]), "1d37c4dc0104d11dfd5c4f3370747514f44f77c00f747ff5fc",
      [.trits],
      inline(.u8, [20], "2fc8ac7bcd3d17db3f7645bc85023d2975144e03"))
    add(
      "bitmap f32", TensorType(.f32, shape: [7, 9]),
      "000000002fab1a07a7c3f5b80000000000000000f13612bd000000000000000000000000000000000000000000000000000000009767b1a3eb04a14500000000000000000000000000000000fa42acbb000000007694dd67000000001a7f2623357744216907f01070269509000000008aa9bbb100000000647e6f6b0756b8d70000000000000000000000000000000000000000000000000000000062ace7e67b25544f30636a2e0000000000000000cd7d89c60000000088b5b55c000000000000000000000000000000000000000000000000b9c26d890000000000000000000000000000000000000000000000004ad218860000000000000000",
      [.sparse(SparseStage(kind: .bitmap, pattern: inline(.u8, [8], "2660a8d780532010")))],
      inline(
        .f32, [21],
        "2fab1a07a7c3f5b8f13612bd9767b1a3eb04a145fa42acbb7694dd671a7f2623357744216907f010702695098aa9bbb1647e6f6b0756b8d762ace7e67b25544f30636a2ecd7d89c688b5b55cb9c26d894ad21886"
      ))
    add(
      "rows f32", TensorType(.f32, shape: [5, 9]),
      "0000000000000000000000000000000000000000000000000000000063b2d090000000000000000018f3e212000000000000000000000000775d595800000000b42fd68721b74cfb00000000011d9c4b0000000000000000166e679300000000000000000000000043b72b9dcbf3e971000000000000000000000000000000000000000042301cfc00000000000000008f4b9eba00000000e22483c27b0fc5cb0e171a1900000000394bd85d0000000000000000",
      [
        .sparse(
          SparseStage(
            kind: .rows, pattern: inline(.u32, [6], "000000000100000005000000080000000a0000000f000000"),
            columns: inline(.u8, [15], "070105070801040800060002030406")))
      ],
      inline(
        .f32, [15],
        "63b2d09018f3e212775d5958b42fd68721b74cfb011d9c4b166e679343b72b9dcbf3e97142301cfc8f4b9ebae22483c27b0fc5cb0e171a19394bd85d"
      ))
    add(
      "2:4 f32", TensorType(.f32, shape: [4, 8]),
      "000000001b767725be5ea7f800000000cda97afc000000000000000042145a100000000000000000997de9eb3acc8f9d00000000be6f62010000000050ba91871bb86869000000007ac04e0300000000d209b5e2000000000000000018b418e535b2edcc000000000000000031cefdd4000000005d4df96bdb56b43a00000000",
      [.sparse(SparseStage(kind: .nOfM, pattern: inline(.u2, [4, 4], "c9dec89c"), n: 2, m: 4))],
      inline(
        .f32, [4, 4],
        "1b767725be5ea7f8cda97afc42145a10997de9eb3acc8f9dbe6f620150ba91871bb868697ac04e03d209b5e218b418e535b2edcc31cefdd45d4df96bdb56b43a"
      ))
    add(
      "block f32", TensorType(.f32, shape: [4, 9]),
      "000000000000000000000000000000000000000000000000d6727f5953b3cc04c07bb1d100000000000000000000000000000000000000000000000007ab4e8b4f531cb3ed79fdea000000000000000000000000000000000000000000000000f5830a32c055e743be1d88bb000000000000000000000000000000000000000000000000dfb81a5a99fe12f6881ccc8a",
      [.sparse(SparseStage(kind: .block, pattern: inline(.u8, [1], "24"), block: [2, 3]))],
      inline(
        .f32, [2, 6],
        "d6727f5953b3cc04c07bb1d107ab4e8b4f531cb3ed79fdeaf5830a32c055e743be1d88bbdfb81a5a99fe12f6881ccc8a"))
    add(
      "outliers f32", TensorType(.f32, shape: [3, 7]),
      "084f09fba83a6c167bca1954296e82ef7be2c3134fb8e444a0ded7d52ee83ab6d9da1939998650ca055141937449be4f94a318006c212b69e27882ba7896217bdce5d3f700c2644a7f7de45ec1be5e0106983f45",
      [
        .outliers(
          OutliersStage(
            positions: inline(
              .u32, [13],
              "0000000002000000030000000500000006000000090000000b0000000d0000000f00000010000000110000001200000014000000"
            ),
            values: inline(
              .f32, [13],
              "084f09fb7bca1954296e82ef4fb8e444a0ded7d5998650ca7449be4f6c212b697896217bdce5d3f700c2644a7f7de45e06983f45"
            )))
      ],
      inline(
        .f32, [3, 7],
        "00000000a83a6c1600000000000000007be2c31300000000000000002ee83ab6d9da193900000000055141930000000094a3180000000000e27882ba00000000000000000000000000000000c1be5e0100000000"
      ))
    add(
      "bitmap u8", TensorType(.u8, shape: [7, 9]),
      "c0000003001969c30056bb9d00000b00000076003821009f8113790000ee0000780fef1300c20000c2b2930000d7dd00940000c100e00600f700000000f947",
      [.sparse(SparseStage(kind: .bitmap, pattern: inline(.u8, [8], "e94eb4272f676961")))],
      inline(.u8, [34], "c0031969c356bb9d0b7638219f811379ee780fef13c2c2b293d7dd94c1e006f7f947"))
    add(
      "rows u8", TensorType(.u8, shape: [5, 9]),
      "00000016000000000000000048000000002d000000003f0000003900c0780000f9000000ef79c000004bf05aaf",
      [
        .sparse(
          SparseStage(
            kind: .rows, pattern: inline(.u32, [6], "00000000010000000300000005000000080000000f000000"),
            columns: inline(.u8, [15], "030308040801020500010205060708")))
      ],
      inline(.u8, [15], "16482d3f39c078f9ef79c04bf05aaf"))
    add(
      "2:4 u8", TensorType(.u8, shape: [4, 8]),
      "0a8d000000b6a40000d600371a00009f740000d6a70000050041890046000095",
      [.sparse(SparseStage(kind: .nOfM, pattern: inline(.u2, [4, 4], "94cdccc9"), n: 2, m: 4))],
      inline(.u8, [4, 4], "0a8db6a4d6371a9f74d6a70541894695"))
    add(
      "block u8", TensorType(.u8, shape: [4, 9]),
      "00000010d057a7bd000000003c4b72185746000000000000ce52b9000000000000aa171a",
      [.sparse(SparseStage(kind: .block, pattern: inline(.u8, [1], "26"), block: [2, 3]))],
      inline(.u8, [3, 6], "10d0573c4b72a7bd00185746ce52b9aa171a"))
    add(
      "bitmap f16", TensorType(.f16, shape: [7, 9]),
      "00000000000000000000000000004cc90000a060ad660000000000000000000000000000000000005ef000000000000000000000000000000000f361000017870000000000000000000000004225000000000000fdfe922a00000000c7fe83b500006173cb04000000003162000000000000aa2600000000000023510000",
      [.sparse(SparseStage(kind: .bitmap, pattern: inline(.u8, [8], "800610a040cc2622")))],
      inline(.f16, [16], "4cc9a060ad665ef0f36117874225fdfe922ac7fe83b56173cb043162aa262351"))
    add(
      "rows f16", TensorType(.f16, shape: [5, 9]),
      "00000000000000000000000000000000000000000000c769455600004f65539b000000001db900000000de950a6a720800000000000000007e31d20c000000000000000000005d300000067a955a0000f34b8566515500000000",
      [
        .sparse(
          SparseStage(
            kind: .rows, pattern: inline(.u32, [6], "000000000000000004000000080000000b00000010000000"),
            columns: inline(.u8, [16], "02030506000304050102080102040506")))
      ],
      inline(.f16, [16], "c76945564f65539b1db9de950a6a72087e31d20c5d30067a955af34b85665155"))
    add(
      "2:4 f16", TensorType(.f16, shape: [4, 8]),
      "d7be094400000000babb0000000000c90000d48870fb000000001d0f000057720000950b000066ebea2c000053c200009c41000000004dfd0000467b0a770000",
      [.sparse(SparseStage(kind: .nOfM, pattern: inline(.u2, [4, 4], "c4d98d9c"), n: 2, m: 4))],
      inline(.f16, [4, 4], "d7be0944babb00c9d48870fb1d0f5772950b66ebea2c53c29c414dfd467b0a77"))
    add(
      "block f16", TensorType(.f16, shape: [4, 9]),
      "0000000000001b5126fec9140000000000000000000000006683da15f41f000000000000000000000000c21f1f97abd99bc8dade4a560000000000002994703384a844d8ad36a068",
      [.sparse(SparseStage(kind: .block, pattern: inline(.u8, [1], "32"), block: [2, 3]))],
      inline(.f16, [3, 6], "1b5126fec9146683da15f41fc21f1f97abd92994703384a89bc8dade4a5644d8ad36a068"))
    add(
      "outliers f16", TensorType(.f16, shape: [3, 7]),
      "01022cfdb7ee8242459775844f0faed556fd7783c165c46eeeda4aeb0f642d5b124e7651d50cbe3ba8cb",
      [
        .outliers(
          OutliersStage(
            positions: inline(
              .u32, [14],
              "01000000020000000300000007000000080000000a0000000b0000000c0000000d0000000e0000000f000000100000001100000014000000"
            ), values: inline(.f16, [14], "2cfdb7ee8242aed556fdc165c46eeeda4aeb0f642d5b124e7651a8cb")))
      ],
      inline(
        .f16, [3, 7], "0102000000000000459775844f0f00000000778300000000000000000000000000000000d50cbe3b0000"))
    add(
      "bitmap i64", TensorType(.i64, shape: [7, 9]),
      "00000000000000000000000000000000000000000000000000000000000000001684152f1ba0bc8900000000000000001df10819b79e3ec6000000000000000000000000000000000000000000000000000000000000000076bbb7c6e2b4da8bb895f692bc01cf70c4d6e461bd52946700000000000000000000000000000000ff9cf8b94ccd1eb44df365b14f8af3e50000000000000000d8a09ded5c31bbff00000000000000006ea53fb41d01e6440000000000000000c117d1913b3926121ece354c06a1aa440000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000008adad1b9a239125200000000000000007d4a2775f34a3f2e00000000000000000000000000000000e33e0faa2172dd5e0000000000000000000000000000000000000000000000004288c03bc901fe470000000000000000000000000000000000000000000000000000000000000000e8e4eb30eb4319b10000000000000000e064c8382ac8e2e37487ed82e89e5ccf000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000019ba91cf28de8539000000000000000045ad2419e30e61400000000000000000",
      [.sparse(SparseStage(kind: .bitmap, pattern: inline(.u8, [8], "5038ab0194080d28")))],
      inline(
        .i64, [20],
        "1684152f1ba0bc891df10819b79e3ec676bbb7c6e2b4da8bb895f692bc01cf70c4d6e461bd529467ff9cf8b94ccd1eb44df365b14f8af3e5d8a09ded5c31bbff6ea53fb41d01e644c117d1913b3926121ece354c06a1aa448adad1b9a23912527d4a2775f34a3f2ee33e0faa2172dd5e4288c03bc901fe47e8e4eb30eb4319b1e064c8382ac8e2e37487ed82e89e5ccf19ba91cf28de853945ad2419e30e6140"
      ))
    add(
      "rows i64", TensorType(.i64, shape: [5, 9]),
      "00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000b6eae7605ddeeb4e0000000000000000b096ee53f39dd6201072f22b75d489e4814ad41e6485915f8171c463693c6cb300000000000000000000000000000000000000000000000000000000000000000000000000000000f65fef2d6d48b42b91f30519eb65f5867d1e49623795f1d50000000000000000227252a6bb5ab57743168f1031371e2f000000000000000000000000000000000000000000000000000000000000000047a2e45b6ecb98db000000000000000000000000000000000000000000000000d48feb5e85327cac000000000000000052cea3edeec8c8ae0000000000000000b710174bae2d2b221fe67fdf6d6548de4fb1239ed58a0748906c4afc0fa5b3670000000000000000000000000000000000000000000000000000000000000000",
      [
        .sparse(
          SparseStage(
            kind: .rows, pattern: inline(.u32, [6], "0000000001000000050000000a0000000d00000011000000"),
            columns: inline(.u8, [17], "0801020304010203050602060801020304")))
      ],
      inline(
        .i64, [17],
        "b6eae7605ddeeb4eb096ee53f39dd6201072f22b75d489e4814ad41e6485915f8171c463693c6cb3f65fef2d6d48b42b91f30519eb65f5867d1e49623795f1d5227252a6bb5ab57743168f1031371e2f47a2e45b6ecb98dbd48feb5e85327cac52cea3edeec8c8aeb710174bae2d2b221fe67fdf6d6548de4fb1239ed58a0748906c4afc0fa5b367"
      ))
    add(
      "2:4 i64", TensorType(.i64, shape: [4, 8]),
      "a799f2ee17de8d1e000000000000000070fb9605bd0a1d0c00000000000000000642b7f6660448ca000000000000000034182602ae9536f90000000000000000000000000000000083d2144d1585e4ce045be223e3124a49000000000000000000000000000000009039bd6c6f32e9080738746c396d1d99000000000000000000000000000000009083ad9c988f3e880000000000000000cb49c458f6548521030ffea5f9b749100000000000000000000000000000000004bc90bbe85fb53f0000000000000000ac049edfa9374672814ba0c35bcee1680000000000000000905aa708aa4752ed00000000000000000b1551449d3bfa0b0000000000000000",
      [.sparse(SparseStage(kind: .nOfM, pattern: inline(.u2, [4, 4], "8899cd89"), n: 2, m: 4))],
      inline(
        .i64, [4, 4],
        "a799f2ee17de8d1e70fb9605bd0a1d0c0642b7f6660448ca34182602ae9536f983d2144d1585e4ce045be223e3124a499039bd6c6f32e9080738746c396d1d999083ad9c988f3e88cb49c458f6548521030ffea5f9b7491004bc90bbe85fb53fac049edfa9374672814ba0c35bcee168905aa708aa4752ed0b1551449d3bfa0b"
      ))
    add(
      "block i64", TensorType(.i64, shape: [4, 9]),
      "b2193db214faafe0a07a76bd72b417b1987accda9ac44ef50000000000000000000000000000000000000000000000001244a1245fe4424eb6b3d8c667133953193cfba583fb172f5e7e056cb557bc43eaef0455504d454be2063a3d10a6a3db00000000000000000000000000000000000000000000000001abbc0c34043f3064916254f0f6e5f3014d580c2cf1e00c000000000000000000000000000000000000000000000000b19c17fc8783b63124debfcd0863d69b5cb294e2c538ee9b3a34c796361425309349ed352c69008a938666520cf06d740000000000000000000000000000000000000000000000006d0e42403c36a7900e680d5649e28b0829aa9651396f7fd8401859c9150fddf7d6f512a47ddc0a5418e938b1ce4f57c6",
      [.sparse(SparseStage(kind: .block, pattern: inline(.u8, [1], "35"), block: [2, 3]))],
      inline(
        .i64, [4, 6],
        "b2193db214faafe0a07a76bd72b417b1987accda9ac44ef55e7e056cb557bc43eaef0455504d454be2063a3d10a6a3db1244a1245fe4424eb6b3d8c667133953193cfba583fb172f01abbc0c34043f3064916254f0f6e5f3014d580c2cf1e00cb19c17fc8783b63124debfcd0863d69b5cb294e2c538ee9b6d0e42403c36a7900e680d5649e28b0829aa9651396f7fd83a34c796361425309349ed352c69008a938666520cf06d74401859c9150fddf7d6f512a47ddc0a5418e938b1ce4f57c6"
      ))
    add(
      "outliers i64", TensorType(.i64, shape: [3, 7]),
      "8c395987d0e6675a1702976828529814a08d150edbadc9ecce1c517da5190b423f46432dfd8c3f8a4d7c9a845e13ee107f6f8a81f7d8518d1adcf3a9294361a5b4652d43a9356a14a90bf7036d10c2f98f2ac617a29fc3293fe17c08e7a54d43aeab97817e8b8bbc5e2513947b103556f461bb9ee4e56fe0908c260d5571fb3cb46c1a6ff54c6050686895c730073bb1c7dff2e58b172adcd143fc227fd641e269d618c51dc4c049",
      [
        .outliers(
          OutliersStage(
            positions: inline(
              .u32, [21],
              "000000000100000002000000030000000400000005000000060000000700000008000000090000000a0000000b0000000c0000000d0000000e0000000f0000001000000011000000120000001300000014000000"
            ),
            values: inline(
              .i64, [21],
              "8c395987d0e6675a1702976828529814a08d150edbadc9ecce1c517da5190b423f46432dfd8c3f8a4d7c9a845e13ee107f6f8a81f7d8518d1adcf3a9294361a5b4652d43a9356a14a90bf7036d10c2f98f2ac617a29fc3293fe17c08e7a54d43aeab97817e8b8bbc5e2513947b103556f461bb9ee4e56fe0908c260d5571fb3cb46c1a6ff54c6050686895c730073bb1c7dff2e58b172adcd143fc227fd641e269d618c51dc4c049"
            )))
      ],
      inline(
        .i64, [3, 7],
        "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
      ))
    add(
      "bitmap i4", TensorType(.i4, shape: [7, 9]),
      "0c630028000000000000c2005000830700e00000000e00008000ed0000000606",
      [.sparse(SparseStage(kind: .bitmap, pattern: inline(.u8, [8], "cd00307208043250")))],
      inline(.i4, [18], "3c86225c83e78eed66"))
    add(
      "rows i4", TensorType(.i4, shape: [5, 9]), "d0e60b80f020a002580600c08c0076007010050d050d0c",
      [
        .sparse(
          SparseStage(
            kind: .rows, pattern: inline(.u32, [6], "00000000050000000b0000000f0000001300000018000000"),
            columns: inline(.u8, [24], "010203040700020405070800050607010206080002040608")))
      ],
      inline(.i4, [24], "6dbef8a28265cc6877515dcd"))
    add(
      "2:4 i4", TensorType(.i4, shape: [4, 8]), "b0300d0e0050000bc100009250090720",
      [.sparse(SparseStage(kind: .nOfM, pattern: inline(.u2, [4, 4], "8d8ce4c9"), n: 2, m: 4))],
      inline(.i4, [4, 4], "3bed50b0c1929527"))
    add(
      "block i4", TensorType(.i4, shape: [4, 9]), "00e04d170e00c98d3713d4644b1999d1f75d",
      [.sparse(SparseStage(kind: .block, pattern: inline(.u8, [1], "3e"), block: [2, 3]))],
      inline(.i4, [5, 6], "de94dc178e371314994d167d4bf95d"))
    add(
      "outliers i4", TensorType(.i4, shape: [3, 7]), "ee975b4ded4fc243b31a0a",
      [
        .outliers(
          OutliersStage(
            positions: inline(
              .u32, [21],
              "000000000100000002000000030000000400000005000000060000000700000008000000090000000a0000000b0000000c0000000d0000000e0000000f0000001000000011000000120000001300000014000000"
            ), values: inline(.i4, [21], "ee975b4ded4fc243b31a0a")))
      ],
      inline(.i4, [3, 7], "0000000000000000000000"))
    add(
      "bitmap u2", TensorType(.u2, shape: [7, 9]), "006c1001c0ccd030c0c007c100800008",
      [.sparse(SparseStage(kind: .bitmap, pattern: inline(.u8, [8], "e014a84c88938020")))],
      inline(.u2, [19], "5bfdfd5f2b"))
    add(
      "rows u2", TensorType(.u2, shape: [5, 9]), "6100000dc0d330838010c000",
      [
        .sparse(
          SparseStage(
            kind: .rows, pattern: inline(.u32, [6], "0000000003000000050000000a0000000d0000000f000000"),
            columns: inline(.u8, [15], "000203030401020405080104080207")))
      ],
      inline(.u2, [15], "597fbf36"))
    add(
      "2:4 u2", TensorType(.u2, shape: [4, 8]), "33343801c1030443",
      [.sparse(SparseStage(kind: .nOfM, pattern: inline(.u2, [4, 4], "98494cc4"), n: 2, m: 4))],
      inline(.u2, [4, 4], "df1e3d74"))
    add(
      "block u2", TensorType(.u2, shape: [4, 9]), "4007003f00043a80d7",
      [.sparse(SparseStage(kind: .block, pattern: inline(.u8, [1], "32"), block: [2, 3]))],
      inline(.u2, [3, 6], "dd1fe07a0d"))
    add(
      "bitmap f6e3m2", TensorType(.f6e3m2, shape: [7, 9]),
      "00f7be800ea4006301bd0ef4c00f4c00500015001c00f0c20000000000001200003c0018c00e94a80a0080ecf400b002",
      [.sparse(SparseStage(kind: .bitmap, pattern: inline(.u8, [8], "aeb64ac900913a4e")))],
      inline(.f6e3m2, [28], "dcfbea2963f57aff4f4575bcb0c41b7b89aab2d3af"))
    add(
      "rows f6e3m2", TensorType(.f6e3m2, shape: [5, 9]),
      "4005cc0000000e00a404000080e502002f000000002c2001c0d0920000003b000000",
      [
        .sparse(
          SparseStage(
            kind: .rows, pattern: inline(.u32, [6], "000000000300000006000000090000000e0000000f000000"),
            columns: inline(.u8, [15], "010308020308000304010306070804")))
      ],
      inline(.f6e3m2, [15], "d5eca484e5f2022b0d2db903"))
    add(
      "2:4 f6e3m2", TensorType(.f6e3m2, shape: [4, 8]), "0800c000709f8c0d0040073c4e0300500200400454040038",
      [.sparse(SparseStage(kind: .nOfM, pattern: inline(.u2, [4, 4], "ecd444cd"), n: 2, m: 4))],
      inline(.f6e3m2, [4, 4], "087c9f8cdd3d4e0325514538"))
    add(
      "block f6e3m2", TensorType(.f6e3m2, shape: [4, 9]),
      "000000008049120000000064a6638a193665ef8dae371c91c72e84",
      [.sparse(SparseStage(kind: .block, pattern: inline(.u8, [1], "3c"), block: [2, 3]))],
      inline(.f6e3m2, [4, 6], "982465a6638ad97ac3d89445e4f1dee82e84"))
    add(
      "outliers f6e3m2", TensorType(.f6e3m2, shape: [3, 7]), "a3cdaf5243cc8dfdf74baa6290d6ab07",
      [
        .outliers(
          OutliersStage(
            positions: inline(
              .u32, [13],
              "010000000200000004000000050000000700000008000000090000000a0000000b0000000f000000100000001100000012000000"
            ), values: inline(.f6e3m2, [13], "362f357363ff3d06693d")))
      ],
      inline(.f6e3m2, [3, 7], "2300ac0040000000004baa020000a807"))
    add(
      "bitmap full", TensorType(.u8, shape: [130]),
      "5223343c2bc3e3eb3ad2e4f840e04f31c2ba42247049033c801fdf2cd08a391accd02fed762decd41452cc6de59346eb5262a10229eceb42774adec6a5d7924d8d234f8fcd391fb4b8e8a01cddaab086604e17d87e9a31b98821d0d755f6f7c8dc67c885d751654347bf833b903e1bd30b674326d2d6e2eab350ec8adec542f92d93",
      [.sparse(SparseStage(kind: .bitmap, pattern: inline(.u8, [17], "ffffffffffffffffffffffffffffffff03")))],
      inline(
        .u8, [130],
        "5223343c2bc3e3eb3ad2e4f840e04f31c2ba42247049033c801fdf2cd08a391accd02fed762decd41452cc6de59346eb5262a10229eceb42774adec6a5d7924d8d234f8fcd391fb4b8e8a01cddaab086604e17d87e9a31b98821d0d755f6f7c8dc67c885d751654347bf833b903e1bd30b674326d2d6e2eab350ec8adec542f92d93"
      ))
    add(
      "bitmap empty", TensorType(.f32, shape: [0, 4]), "",
      [.sparse(SparseStage(kind: .bitmap, pattern: inline(.u8, [0], "")))],
      inline(.f32, [0], ""))
    add(
      "rows empty", TensorType(.f32, shape: [3, 0]), "",
      [
        .sparse(
          SparseStage(
            kind: .rows, pattern: inline(.u32, [4], "00000000000000000000000000000000"),
            columns: inline(.u8, [0], "")))
      ],
      inline(.f32, [0], ""))
    add(
      "rows wide", TensorType(.i8, shape: [2, 300]),
      "000000000000000000000000000000000000010000000000520000000000000000fd00000000000000000000000000000000000000008c000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000dd0000000000000000000000000000000000000000070000000000000000000000000000000000000000007a0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000096000000000000000000000000000000000000000000000000000000000000000000000000000000000000e4a40000000000000000000000000000000000000000000000005300000000000000000000000000000000000000000000000000000000004a00000000000000000000000000000000000000000000000000d600000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000e9e900000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000c8000000000000000000000000000000000000000000000000000000000000000000000000000000000000bb0000000000000000000000007600000000be00000000000000000000000000000000000000000300000000000000000000000000000000000000de000000000000000000000000000000000000000089000000008800",
      [
        .sparse(
          SparseStage(
            kind: .rows, pattern: inline(.u32, [3], "000000000b00000017000000"),
            columns: inline(
              .u16, [23],
              "120018002100360088009d00b300e2000d010e012701190033006b006c00aa00d500e200e700fc00100125012a01"))
        )
      ],
      inline(.i8, [23], "0152fd8cdd077a96e4a4534ad6e9e9c8bb76be03de8988"))
    add(
      "5:12", TensorType(.u8, shape: [2, 24]),
      "0000000000f674005e007c000000007c7ca700e50000000a00008c0000002f0000a37700000000009e000000ae05cbf2",
      [
        .sparse(SparseStage(kind: .nOfM, pattern: inline(.u4, [2, 10], "50863a54b720964a98ba"), n: 5, m: 12))
      ],
      inline(.u8, [2, 10], "00f6745e7c7c7ca7e50a008c2fa3779eae05cbf2"))
    add(
      "1:20", TensorType(.u8, shape: [2, 40]),
      "0000000900000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000",
      [.sparse(SparseStage(kind: .nOfM, pattern: inline(.u8, [2, 2], "03000000"), n: 1, m: 20))],
      inline(.u8, [2, 2], "09000000"))
    add(
      "block 3", TensorType(.f16, shape: [2, 4, 4]),
      "0000000000000000000000000000000000000000000000000000000000000000e9637517a1d7290820676a4ca062b04d00000000000000000000000000000000",
      [.sparse(SparseStage(kind: .block, pattern: inline(.u8, [1], "04"), block: [1, 2, 4]))],
      inline(.f16, [1, 8], "e9637517a1d7290820676a4ca062b04d"))
    add(
      "chain", TensorType(.bf16, shape: [4, 6]),
      "000000005eec5cd561c200002d8bd60a00006bb3000000000000fda7754917dcb0b6c3add3b5e2c600001849000096db",
      [
        .permute(PermuteStage(axes: [1, 0])),
        .sparse(SparseStage(kind: .bitmap, pattern: inline(.u8, [3], "eaf5c5"))), .codes, .planes,
      ],
      inline(.u8, [2, 15], "2dd3d6fde25e755c6b171861b0c3968bb50aa7c6ec49d5b3dc49c2b6addb"))
    add(
      "chain block", TensorType(.f16, shape: [4, 9]),
      "db8bf9c153b30000000000000000000000000e08ba981407000000000000000000000000000000000000899f132646060000000000000000000000007c37473f0ac2000000000000",
      [
        .sparse(SparseStage(kind: .block, pattern: inline(.u8, [1], "11"), block: [2, 3])), .codes, .planes,
        .reshape(ReshapeStage(sizes: [4, 3, 2])),
      ],
      inline(.u8, [4, 3, 2], "dbf9530eba148913467c470a8bc1b30898079f2606373fc2"))
    return cases
  }()
}
