import { cpSync, renameSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { codeHash, ownCode } from "../../../src/flow/own-code.js";
import { dbnc, startProgram } from "../../support/cli.js";
import { flowers } from "../../support/flowers.js";
import { temporaryFolder, writeIn } from "../../support/folder.js";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

test("the hash is of every compiled file, by name and content, and of nothing else", () => {
  const root = temporaryFolder();
  for (const part of ["base", "compiler", "sat", "src"]) writeIn(root, `${part}/a/b.js`, part);
  const hash = codeHash(root);
  const other = (): string => {
    const found = codeHash(root);
    expect(found).not.toBe(hash);
    return found;
  };
  writeIn(root, "src/a/b.d.ts", "types");
  writeIn(root, "bench/b.js", "bench");
  expect(codeHash(root)).toBe(hash);
  writeIn(root, "sat/a/b.js", "changed");
  other();
  writeIn(root, "sat/a/b.js", "sat");
  expect(codeHash(root)).toBe(hash);
  renameSync(join(root, "sat/a/b.js"), join(root, "sat/a/c.js"));
  other();
  renameSync(join(root, "sat/a/c.js"), join(root, "sat/a/b.js"));
  writeIn(root, "src/kernel.wasm", "kernel");
  other();
});

test("what another build of dbnc made is made again, but for the trained network", async () => {
  const folder = temporaryFolder();
  writeIn(folder, "flowers.csv", flowers(60));
  const args = ["build", "--data", "flowers.csv", "--layers", "30", "--epochs", "1", "--until", "emit"];
  const all = [...args, "--set", "train.minimumSteps=0"];
  expect((await dbnc(folder, ...all)).status).toBe(0);
  const changed = join(folder, "changed");
  for (const name of ["dist", "package.json"])
    cpSync(join(ROOT, name), join(changed, name), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(changed, "node_modules"));
  const main = join(changed, "dist/src/cli/main.js");
  const reused = async (): Promise<string[]> => {
    const { status, stderr } = await startProgram(folder, process.execPath, [main, ...all]).done;
    expect(status, stderr).toBe(0);
    return [...stderr.matchAll(/^(\w+).*: .*results reused$/gm)].map((match) => match[1]!);
  };
  expect(await reused()).toEqual(["train", "optimize", "emit"]);
  writeIn(changed, "dist/compiler/emit/new.js", "// Another emitter.\n");
  expect(codeHash(join(changed, "dist"))).not.toBe(ownCode());
  expect(await reused()).toEqual(["train"]);
});
