/** One package of the ping DAR that every participant brings along. */
export interface BuiltinPackage {
  readonly packageId: string;
  readonly name: string;
  readonly version: string;
  readonly bytes: number;
}

/** Main package id of the builtin ping DAR. Source: admin-api 1.12. */
export const PING_PACKAGE_ID = 'de2cc2f90eb523414ff54e899951dadd8789a4c07e0f71f6d6c9eaf57d412a54';

/** Name of the builtin ping DAR. */
export const PING_DAR_NAME = 'canton-builtin-admin-workflow-ping';

const ROWS = `
de2cc2f90eb523414ff54e899951dadd8789a4c07e0f71f6d6c9eaf57d412a54 canton-builtin-admin-workflow-ping 3.4.0 148192
590736e6f7bc01492007ecb27f3fe75995c19fbd3d41b384aada69619fd4f76c daml-prim 0.0.0 455515
ee33fb70918e7aaa3d3fc44d64a399fb2bf5bcefc54201b1690ecd448551ba88 daml-prim-DA-Exception-ArithmeticError 1.0.0 286
6da1f43a10a179524e840e7288b47bda213339b0552d92e87ae811e52f59fc0e daml-prim-DA-Exception-AssertionFailed 1.0.0 286
f181cd661f7af3a60bdaae4b0285a2a67beb55d6910fc8431dbae21a5825ec0f daml-prim-DA-Exception-GeneralError 1.0.0 277
91e167fa7a256f21f990c526a0a0df840e99aeef0e67dc1f5415b0309486de74 daml-prim-DA-Exception-PreconditionFailed 1.0.0 295
0e4a572ab1fb94744abb02243a6bbed6c78fc6e3c8d3f60c655f057692a62816 daml-prim-DA-Internal-Erased 1.0.0 98
e5411f3d75f072b944bd88e652112a14a3d409c491fd9a51f5f6eede6d3a3348 daml-prim-DA-Internal-NatSyn 1.0.0 109
ab068e2f920d0e06347975c2a342b71f8b8e3b4be0f02ead9442caac51aa8877 daml-prim-DA-Internal-PromotedText 1.0.0 121
5aee9b21b8e9a4c4975b5f4c4198e6e6e8469df49e2010820e792f393db870f4 daml-prim-DA-Types 1.0.0 17554
fcee8dfc1b81c449b421410edd5041c16ab59c45bbea85bcb094d1b17c3e9df7 daml-prim-GHC-Prim 1.0.0 149
19f0df5fdaf5a96e137b6ea885fdb378f37bd3166bd9a47ee11518e33fa09a20 daml-prim-GHC-Tuple 1.0.0 242
e7e0adfa881e7dbbb07da065ae54444da7c4bccebcb8872ab0cb5dcf9f3761ce daml-prim-GHC-Types 1.0.0 107
99ea07e101ed25cdb8584e072278d8df62e10d72c172bfe1621ba0a51cee61ce daml-stdlib 3.4.0.20251020.14338.0 711601
a1fa18133ae48cbb616c4c148e78e661666778c3087d099067c7fe1868cbb3a1 daml-stdlib-DA-Action-State-Type 1.0.0 593
fa79192fe1cce03d7d8db36471dde4cf6c96e6d0f07e1c391dd49e355af9b38c daml-stdlib-DA-Date-Types 1.0.0 271
6f8e6085f5769861ae7a40dccd618d6f747297d59b37cab89b93e2fa80b0c024 ghc-stdlib-DA-Internal-Any 1.0.0 390
86d888f34152dae8729900966b44abcb466b9c111699678de58032de601d2b04 daml-stdlib-DA-Internal-Down 1.0.0 258
7adc4c2d07fa3a51173c843cba36e610c1168b2dbbf53076e20c0092eae8763d daml-stdlib-DA-Internal-Fail-Types 1.0.0 802
c280cc3ef501d237efa7b1120ca3ad2d196e089ad596b666bed59a85f3c9a074 daml-stdlib-DA-Internal-Interface-AnyView-Types 1.0.0 826
9e70a8b3510d617f8a136213f33d6a903a10ca0eeec76bb06ba55d1ed9680f69 ghc-stdlib-DA-Internal-Template 1.0.0 114
cae345b5500ef6f84645c816f88b9f7a85a9f3c71697984abdf6849f81e80324 daml-stdlib-DA-Logic-Types 1.0.0 653
52854220dc199884704958df38befd5492d78384a032fd7558c38f00e3d778a2 daml-stdlib-DA-Monoid-Types 1.0.0 1174
bde4bd30749e99603e5afa354706608601029e225d4983324d617825b634253a daml-stdlib-DA-NonEmpty-Types 1.0.0 568
bfda48f9aa2c89c895cde538ec4b4946c7085959e031ad61bde616b9849155d7 daml-stdlib-DA-Random-Types 1.0.0 211
d095a2ccf6dd36b2415adc4fa676f9191ba63cd39828dc5207b36892ec350cbc daml-stdlib-DA-Semigroup-Types 1.0.0 426
c3bb0c5d04799b3f11bad7c3c102963e115cf53da3e4afcbcfd9f06ebd82b4ff daml-stdlib-DA-Set-Types 1.0.0 264
60c61c542207080e97e378ab447cc355ecc47534b3a3ebbff307c4fb8339bc4d daml-stdlib-DA-Stack-Types 1.0.0 1194
b70db8369e1c461d5c70f1c86f526a29e9776c655e6ffc2560f95b05ccb8b946 daml-stdlib-DA-Time-Types 1.0.0 327
3cde94fe9be5c700fc1d9a8ad2277e2c1214609f8c52a5b4db77e466875b8cb7 daml-stdlib-DA-Validation-Types 1.0.0 566
`;

/** The 30 packages of a fresh Canton 3.5 participant, in the order of `ListPackages`. */
export const BUILTIN_PACKAGES: readonly BuiltinPackage[] = ROWS.trim()
  .split('\n')
  .map((row) => row.split(' '))
  .map(([packageId = '', name = '', version = '', bytes]) => {
    return { packageId, name, version, bytes: Number(bytes) };
  });
