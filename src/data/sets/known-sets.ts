/** One file of a known data set. */
export interface KnownFile {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** A data set that dbnc knows where to find. */
export interface KnownSet {
  readonly name: string;
  readonly about: string;
  /** Folder of its files, under the data folder and under `--base-url`. */
  readonly folder: string;
  /** Where its publisher keeps them. */
  readonly url: string;
  readonly licence: string;
  /** What is fetched. */
  readonly files: readonly KnownFile[];
  /** What is then taken out of the first of `files`, a gzipped tar archive; absent where the files are used as they are. */
  readonly unpacked?: readonly KnownFile[];
}

const UCI = "https://archive.ics.uci.edu/ml/machine-learning-databases";
const file = (name: string, bytes: number, sha256: string): KnownFile => ({ name, bytes, sha256 });
const uci = (name: string, about: string, path: string, files: readonly KnownFile[]): KnownSet => ({
  name,
  about,
  folder: "uci",
  url: `${UCI}/${path}`,
  licence: "CC BY 4.0",
  files,
});
const monk = (n: number, train: KnownFile, about: string): KnownSet =>
  uci(`monks-${n}`, `MONK's problem ${n}: ${about}`, "monks-problems", [
    train,
    file(`monks-${n}.test`, 10260, MONK_TESTS[n - 1]!),
  ]);

const MONK_TESTS = [
  "e501ada3b21d876ab86f3e1614747bd2edc443a685f229a25e480aa1dea629f6",
  "945650affde377c27f6218c8b17893e339ea831f4bee9f9d7123020699cfbf40",
  "1d816ae7347afaf895050667adc3f382904c6ed2332d0a2d09353f5e6cb54612",
];

/** Every known set: sizes and hashes are pinned, so that a mirror need not be trusted. */
export const KNOWN_SETS: readonly KnownSet[] = [
  {
    name: "mnist",
    about: "handwritten digits, 28 x 28 grey, 60,000 + 10,000",
    folder: "mnist",
    url: "https://ossci-datasets.s3.amazonaws.com/mnist",
    licence: "CC BY-SA 3.0 (LeCun, Cortes)",
    files: [
      file(
        "train-images-idx3-ubyte.gz",
        9912422,
        "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
      ),
      file(
        "train-labels-idx1-ubyte.gz",
        28881,
        "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
      ),
      file(
        "t10k-images-idx3-ubyte.gz",
        1648877,
        "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
      ),
      file(
        "t10k-labels-idx1-ubyte.gz",
        4542,
        "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
      ),
    ],
  },
  {
    name: "fashion-mnist",
    about: "articles of clothing, 28 x 28 grey, 60,000 + 10,000",
    folder: "fashion-mnist",
    url: "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com",
    licence: "MIT (Zalando SE)",
    files: [
      file(
        "train-images-idx3-ubyte.gz",
        26421880,
        "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
      ),
      file(
        "train-labels-idx1-ubyte.gz",
        29515,
        "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
      ),
      file(
        "t10k-images-idx3-ubyte.gz",
        4422102,
        "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
      ),
      file(
        "t10k-labels-idx1-ubyte.gz",
        5148,
        "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
      ),
    ],
  },
  {
    name: "cifar10",
    about: "photographs in ten classes, 32 x 32 colour, 50,000 + 10,000",
    folder: "cifar10",
    url: "https://www.cs.toronto.edu/~kriz",
    licence: "none stated; cite Krizhevsky, Learning Multiple Layers of Features from Tiny Images, 2009",
    files: [
      file(
        "cifar-10-binary.tar.gz",
        170052171,
        "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
      ),
    ],
    unpacked: [
      file("data_batch_1.bin", 30730000, "cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5"),
      file("data_batch_2.bin", 30730000, "a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed"),
      file("data_batch_3.bin", 30730000, "bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67"),
      file("data_batch_4.bin", 30730000, "014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48"),
      file("data_batch_5.bin", 30730000, "755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add"),
      file("test_batch.bin", 30730000, "8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b"),
    ],
  },
  uci("iris", "iris flowers, 4 measures, 3 classes, 150", "iris", [
    file("iris.data", 4551, "6f608b71a7317216319b4d27b4d9bc84e6abd734eda7872b71a458569e2656c0"),
  ]),
  monk(
    1,
    file("monks-1.train", 2947, "d9c328b6f0e095ab10f7bc8468f1d2141f3d08be73e665c3bf0a62994c922606"),
    "a1 = a2 or a5 = 1",
  ),
  monk(
    2,
    file("monks-2.train", 4013, "7ebcc278005737caad0cd52e6aa31256a2c3174da8047faf4ac3a9d35edbdaa8"),
    "exactly two attributes are 1",
  ),
  monk(
    3,
    file("monks-3.train", 2886, "726f258f80be06af4bb2d8831789514a663f5813e47429211fe19dcd367966f8"),
    "with 5% wrong labels",
  ),
  uci("adult", "census income, 14 mixed features, 32,561 + 16,281", "adult", [
    file("adult.data", 3974305, "5b00264637dbfec36bdeaab5676b0b309ff9eb788d63554ca0a249491c86603d"),
    file("adult.test", 2003153, "a2a9044bc167a35b2361efbabec64e89d69ce82d9790d2980119aac5fd7e9c05"),
  ]),
  uci("breast-cancer", "breast cancer (Ljubljana), 9 categories, 286", "breast-cancer", [
    file("breast-cancer.data", 18654, "ca7d3fa97b62ff967b6894ffbb3acaaf4a51062e0149e5950b3ad6f685970b65"),
  ]),
  uci(
    "breast-cancer-wisconsin",
    "breast cancer (Wisconsin), 9 features of 1 to 10, 699",
    "breast-cancer-wisconsin",
    [
      file(
        "breast-cancer-wisconsin.data",
        19889,
        "402c585309c399237740f635ef9919dc512cca12cbeb20de5e563a4593f22b64",
      ),
    ],
  ),
  uci("wdbc", "breast cancer (Wisconsin, diagnostic), 30 measures, 569", "breast-cancer-wisconsin", [
    file("wdbc.data", 124103, "d606af411f3e5be8a317a5a8b652b425aaf0ff38ca683d5327ffff94c3695f4a"),
  ]),
];

/** The files that a set consists of once it is there. */
export const usedFiles = ({ files, unpacked }: KnownSet): readonly KnownFile[] => unpacked ?? files;
