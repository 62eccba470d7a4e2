import { Writable } from "node:stream";
import { expect, test } from "vitest";
import { liveText } from "../../../src/cli/live-table.js";

/** What a terminal of this size was sent while so many lines were shown, and one was printed above them. */
function sent(rows: number, columns: number, count: number): string {
  let text = "";
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk);
      done();
    },
  });
  const terminal = Object.assign(stream, { isTTY: true, rows, columns }) as unknown as NodeJS.WriteStream;
  const live = liveText(terminal, () => Array.from({ length: count }, (_, i) => `line ${i} is long`));
  live.print("above");
  live.stop();
  return text;
}

test("lines are drawn, drawn again below what is printed, and removed", () => {
  const lines = "line 0 is long\nline 1 is long\n";
  expect(sent(10, 40, 2)).toBe(`${lines}\u001b[2A\u001b[Jabove\n${lines}\u001b[2A\u001b[J`);
});

test("what does not fit is cut at the right, and counted below", () => {
  expect(sent(5, 7, 9).startsWith("line 0\nline 1\n… and \n\u001b[3A")).toBe(true);
  expect(sent(5, 40, 9)).toContain("line 1 is long\n… and 7 more\n");
});

test("a terminal that does not know its size shows them all the same", () => {
  const all = Array.from({ length: 9 }, (_, i) => `line ${i} is long\n`).join("");
  expect(sent(0, 0, 9).startsWith(`${all}\u001b[9A`)).toBe(true);
});
