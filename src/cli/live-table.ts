/** Milliseconds between redraws: clocks of what is running go on. */
const TICK = 1000;

/** A text that is drawn again in place as it changes. */
export interface LiveText {
  /** Write lines above it that stay. */
  print(text: string): void;
  /** Remove it. */
  stop(): void;
}

/** Show `lines()` on a terminal, as many as fit, redrawn every second and after `print`; elsewhere only what is printed. */
export function liveText(stream: NodeJS.WriteStream, lines: () => readonly string[]): LiveText {
  if (!stream.isTTY) return { print: (text) => void stream.write(`${text}\n`), stop: () => {} };
  let height = 0;
  const clear = (): string => (height === 0 ? "" : `\u001b[${height}A\u001b[J`);
  const draw = (above: string): void => {
    const all = lines();
    // A terminal that does not say how large it is, says 0.
    const [rows, columns] = [stream.rows || 24, stream.columns || 80];
    const room = Math.max(1, rows - 2);
    const shown =
      all.length <= room ? all : [...all.slice(0, room - 1), `… and ${all.length - room + 1} more`];
    const text = shown.map((line) => `${line.slice(0, columns - 1)}\n`).join("");
    stream.write(`${clear()}${above}${text}`);
    height = shown.length;
  };
  const timer = setInterval(() => draw(""), TICK);
  draw("");
  return {
    print: (text) => draw(`${text}\n`),
    stop() {
      clearInterval(timer);
      stream.write(clear());
      height = 0;
    },
  };
}
