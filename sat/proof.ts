/** Hears every clause that a solver derives or forgets; literals as in DIMACS. */
export interface ProofLog {
  /** A clause that follows from those before it by reverse unit propagation. The empty one ends the proof. */
  add(clause: readonly number[]): void;
  /** A clause that is not used any more. */
  remove(clause: readonly number[]): void;
}

const CHUNK = 1 << 16;

/**
 * A proof in DRAT's text format (Wetzler, Heule and Hunt, "DRAT-trim: efficient checking and trimming using
 * expressive clausal proofs", 2014), which drat-trim and its kin check against the DIMACS formula.
 */
export class DratProof implements ProofLog {
  private readonly chunks: string[] = [];
  private rest = "";
  /** Clauses derived so far. */
  lemmas = 0;

  add(clause: readonly number[]): void {
    this.lemmas++;
    this.write(clause.length === 0 ? "0\n" : `${clause.join(" ")} 0\n`);
  }

  remove(clause: readonly number[]): void {
    this.write(`d ${clause.join(" ")} 0\n`);
  }

  private write(line: string): void {
    this.rest += line;
    if (this.rest.length < CHUNK) return;
    this.chunks.push(this.rest);
    this.rest = "";
  }

  /** The proof so far, in pieces. */
  text(): readonly string[] {
    return [...this.chunks, this.rest];
  }
}
