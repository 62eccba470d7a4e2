/** A board: its device, and pins by port of the outermost module (inputs that rest at 1 get the pin's pull-up). */
export interface Board {
  readonly name: string;
  readonly summary: string;
  /** Name in the table of targets. */
  readonly target: string;
  readonly package: string;
  /** MHz of the oscillator at `clk`. */
  readonly clock: number;
  /** Port to pin: the UART goes to the USB bridge, SPI to a header. */
  readonly pins: Readonly<Record<string, string>>;
}

/**
 * Every board. Pins were compared with the boards' public constraint files: YosysHQ/icestorm `examples/<board>/<board>.pcf`
 * (iCEBreaker, iCEstick) and amaranth-lang/amaranth-boards `icebreaker.py`, `icestick.py`, `ice40_hx8k_b_evn.py`, `icesugar.py`.
 * Where there is no button that is low when pressed, reset is a header pin, which may be left open.
 */
export const BOARDS: readonly Board[] = [
  {
    name: "icebreaker",
    summary: "1BitSquared iCEBreaker",
    target: "ice40:up5k",
    package: "sg48",
    clock: 12,
    pins: { clk: "35", rst_n: "10", rx: "6", tx: "9", cs_n: "4", mosi: "2", miso: "47", sclk: "45" },
  },
  {
    name: "icestick",
    summary: "Lattice iCEstick; reset on PMOD pin 1",
    target: "ice40:hx1k",
    package: "tq144",
    clock: 12,
    pins: { clk: "21", rst_n: "78", rx: "9", tx: "8", cs_n: "79", mosi: "80", miso: "81", sclk: "87" },
  },
  {
    name: "hx8k-b-evn",
    summary: "Lattice iCE40-HX8K breakout board; reset on pin C16 of header J2",
    target: "ice40:hx8k",
    package: "ct256",
    clock: 12,
    pins: {
      clk: "J3",
      rst_n: "C16",
      rx: "B10",
      tx: "B12",
      cs_n: "D16",
      mosi: "E16",
      miso: "F16",
      sclk: "G16",
    },
  },
  {
    name: "icesugar",
    summary: "MuseLab iCESugar; reset on PMOD 3, SPI on PMOD 2",
    target: "ice40:up5k",
    package: "sg48",
    clock: 12,
    pins: { clk: "35", rst_n: "34", rx: "4", tx: "6", cs_n: "46", mosi: "44", miso: "42", sclk: "37" },
  },
];

/** Inputs that rest at 1: with the pull-up they may be left open. */
const RESTS_HIGH: ReadonlySet<string> = new Set(["rst_n", "rx", "cs_n"]);

export const BOARD_NAMES: readonly string[] = BOARDS.map(({ name }) => name);

/** Pins of a board for these ports, as nextpnr reads them; null for a port that the board has no pin for. */
export function emitPins(
  { pins }: Board,
  ports: readonly { readonly port: string; readonly width: number }[],
  comment: readonly string[],
): { readonly text: string } | { readonly missing: string } {
  const missing = ports.find(({ port, width }) => width > 1 || pins[port] === undefined);
  if (missing !== undefined) return { missing: missing.port };
  const lines = ports.map(
    ({ port }) => `set_io ${RESTS_HIGH.has(port) ? "-pullup yes " : ""}${port} ${pins[port]}`,
  );
  return { text: [...comment.map((line) => `# ${line}`), ...lines, ""].join("\n") };
}
