import type { Design } from "../../../compiler/ir/design.js";
import type { GateProfile } from "../../../compiler/ir/gate-profile.js";
import type { Model } from "../../../compiler/model/model.js";
import type { Dataset, Samples } from "../../data/dataset.js";
import type { Certificate } from "../certificate.js";
import type { Report } from "../schema.js";

/** Gates by level and form after `freeze` or a pass (gates.json of the run folder). */
export interface ProfiledPass {
  readonly after: string;
  readonly levels: GateProfile;
}

/** A plot of the run folder, as SVG. */
export interface PlotFile {
  readonly file: string;
  readonly svg: string;
}

/** Everything that the report page of one run is made of. */
export interface ReportInput {
  readonly report: Report;
  readonly version: string;
  readonly certificate: Certificate | null;
  readonly plots: readonly PlotFile[];
  readonly profiles: readonly ProfiledPass[];
  readonly model: Model;
  /** What is emitted: the design after everything. */
  readonly design: Design;
  readonly dataset: Dataset;
  readonly test: Samples;
  /** Shape `[test samples, features]`: what arrives on the pins. */
  readonly codes: Uint8Array | Int32Array;
  /** Shape `[test samples]`: the class that the design gives. */
  readonly predicted: Uint16Array;
}
