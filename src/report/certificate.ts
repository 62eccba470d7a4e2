import { z } from "zod";
import { Verdict } from "./schema.js";

/** `certificate.json`, schema 1 (docs/formats/certificate.md). */
const Hash = z.string().regex(/^[0-9a-f]{64}$/);
const File = z.strictObject({ file: z.string(), sha256: Hash });
/** What was compared, and the hash of its bytes. */
const Side = z.strictObject({ what: z.string(), sha256: Hash });

export const ProofRecord = z.strictObject({
  /** "Some output differs", in DIMACS. */
  formula: File,
  /** That it is unsatisfiable, in DRAT. */
  drat: File,
  lemmas: z.int().min(0),
});
export type ProofRecord = z.infer<typeof ProofRecord>;

export const CertificateStep = z.strictObject({
  step: z.string(),
  claim: z.string(),
  left: Side,
  right: Side,
  verdict: Verdict,
  how: z.string(),
  /** Null where no solver was asked. */
  solver: z.string().nullable(),
  conflicts: z.int().min(0).nullable(),
  /** Empty unless proofs were asked for. */
  proofs: z.array(ProofRecord),
});
export type CertificateStep = z.infer<typeof CertificateStep>;

export const CertificateSchema = z.strictObject({
  schema: z.literal(1),
  name: z.string(),
  seed: z.int().min(0),
  steps: z.array(CertificateStep),
});
export type Certificate = z.infer<typeof CertificateSchema>;
