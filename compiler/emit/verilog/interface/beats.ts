import { type Encoder, hardwareWidth } from "../../../ir/encoder.js";

/**
 * How a sample arrives in parts: in each beat `lanes` features, in feature order, each in a field of `width` bits with
 * its code in the low ones. Lanes past the last feature are ignored.
 */
export interface Beats {
  readonly lanes: number;
  /** Bits of a field: whole bytes, enough for the widest feature. */
  readonly width: number;
  /** Beats a frame, which is one sample. */
  readonly count: number;
  /** The position within a frame is one-hot in both: beat `b` is in row `b / columns`, column `b % columns`. */
  readonly columns: number;
  readonly rows: number;
}

/** Beats of `lanes` features, or of all of them if there are fewer. */
export function beatsOf({ features }: Encoder, lanes: number): Beats {
  const used = Math.min(lanes, features.length);
  const count = Math.ceil(features.length / used);
  const columns = Math.ceil(Math.sqrt(count));
  const widest = Math.max(...features.map(({ type }) => hardwareWidth(type)));
  return {
    lanes: used,
    width: 8 * Math.ceil(widest / 8),
    count,
    columns,
    rows: Math.ceil(count / columns),
  };
}

/** Where a feature arrives. */
export interface Place {
  readonly row: number;
  readonly column: number;
  /** First bit of its field in the beat. */
  readonly offset: number;
}

export function placeOf({ lanes, width, columns }: Beats, feature: number): Place {
  const beat = Math.floor(feature / lanes);
  return {
    row: Math.floor(beat / columns),
    column: beat % columns,
    offset: width * (feature % lanes),
  };
}
