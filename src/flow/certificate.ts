import type { Design } from "../../compiler/ir/design.js";
import type { Netlist } from "../../compiler/ir/netlist.js";
import { encodeDesign } from "../../compiler/model/design-codec.js";
import { proveByCertificate } from "../../compiler/verify/certify.js";
import { writeDimacs } from "../../sat/dimacs.js";
import type { Config } from "../config/schema.js";
import {
  type Certificate,
  CertificateSchema,
  type CertificateStep,
  type ProofRecord,
} from "../report/certificate.js";
import { sha256 } from "./files.js";
import type { RunFolder } from "./run-folder.js";
import type { StageContext } from "./stage.js";

/** All steps, written by `verify`. */
export const CERTIFICATE = "certificate.json";
/** The steps of `optimize`, which `verify` takes over. */
export const OPTIMIZE_CERTIFICATE = "certificate-optimize.json";
/** The steps of `prune`. */
export const PRUNE_CERTIFICATE = "certificate-prune.json";
const PROOFS = "proof";

export type Side = CertificateStep["left"];

/** A file of the run folder. */
export const fileSide = (run: RunFolder, file: string): Side => ({ what: file, sha256: run.hash(file)! });

/** A design that may not be on disk: the hash is that of the file it would be. */
export const designSide = (what: string, design: Design): Side => ({
  what,
  sha256: sha256(encodeDesign(design)),
});

/** Several files: the hash of what `sha256sum` prints about them. */
export const filesSide = (run: RunFolder, what: string, files: readonly string[]): Side => ({
  what,
  sha256: sha256(files.map((file) => `${run.hash(file)!}  ${file}\n`).join("")),
});

export function writeCertificate(
  run: RunFolder,
  file: string,
  { name, seed }: Config,
  steps: readonly CertificateStep[],
): void {
  const certificate: Certificate = { schema: 1, name, seed, steps: [...steps] };
  run.write(file, `${JSON.stringify(CertificateSchema.parse(certificate), null, 2)}\n`);
}

export const readCertificate = (run: RunFolder, file: string): Certificate =>
  CertificateSchema.parse(JSON.parse(run.readText(file)));

/** Writes the DRAT proofs of one stage to `proof/<stage>/`, if the configuration asks for them. */
export class ProofWriter {
  readonly files: string[] = [];
  private readonly folder: string;

  constructor(
    private readonly context: StageContext,
    stage: "optimize" | "prune" | "verify",
  ) {
    this.folder = `${PROOFS}/${stage}`;
    context.run.remove(this.folder);
  }

  /** The proof that two netlists, which are known to be equal, are so; none when it was not asked for. */
  async write(step: string, a: Netlist, b: Netlist): Promise<ProofRecord[]> {
    const { config, signal, watcher } = this.context;
    if (!config.verify.proof) return [];
    const options = { seed: config.seed, cancelled: () => signal.aborted };
    const found = await proveByCertificate(a, b, options);
    signal.throwIfAborted();
    if (found === null) return [];
    const base = `${this.folder}/${step}`;
    const formula = this.file(`${base}.cnf`, writeDimacs(found.formula).join(""));
    const drat = this.file(`${base}.drat`, found.proof.text().join(""));
    watcher.line(`proof of ${step}: ${found.proof.lemmas.toLocaleString("en-US")} lemmas in ${drat.file}`);
    return [{ formula, drat, lemmas: found.proof.lemmas }];
  }

  private file(file: string, text: string): ProofRecord["drat"] {
    this.context.run.write(file, text);
    this.files.push(file);
    return { file, sha256: this.context.run.hash(file)! };
  }
}
