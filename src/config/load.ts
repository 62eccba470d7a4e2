import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, extname, join, resolve } from "node:path";
import { parseDocument } from "yaml";
import { UserError } from "../../base/errors.js";
import { suggest } from "../../base/nearest.js";
import { BOARDS } from "../../compiler/synth/boards.js";
import { type Config, ConfigSchema } from "./schema.js";

/** One setting from the command line: a dotted key and its value. */
export interface Override {
  readonly key: string;
  readonly value: unknown;
  /** How the user spelt it, for errors. */
  readonly from: string;
}

/** Keys and values as YAML gives them, before the schema has seen them. */
export type Tree = { [key: string]: unknown };
export const isTree = (value: unknown): value is Tree =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Read a YAML file of keys and values. @throws {UserError} for a missing file, or naming line and column. */
export function readYaml(path: string, what: string, hint: string): Tree {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    throw new UserError("config/missing", `${path}: expected ${what} but found none`, hint);
  }
  const document = parseDocument(text);
  const error = document.errors[0];
  if (error !== undefined) {
    const at = error.linePos?.[0];
    const where = at === undefined ? path : `${path}:${at.line}:${at.col}`;
    throw new UserError(
      "config/yaml",
      `${where}: expected YAML but found: ${error.message.split("\n")[0]}`,
      "mend the file",
    );
  }
  const value: unknown = document.toJS() ?? {};
  if (!isTree(value)) {
    throw new UserError(
      "config/shape",
      `${path}: expected keys and values but found ${Array.isArray(value) ? "a list" : typeof value}`,
      "see dbnc init",
    );
  }
  return value;
}

/** What a file of many builds starts from: a project file, relative to that file, or keys and values. */
export const readBase = (base: string | Tree, path: string): Tree =>
  typeof base === "string"
    ? readYaml(join(dirname(path), base), "a project file", `${path} names it as base, relative to itself`)
    : base;

/** A name for results, from a file's. */
export const nameOfFile = (path: string): string =>
  basename(path, extname(path)).replace(/[^A-Za-z0-9_-]+/g, "-");

function setKey(tree: Tree, { key, value, from }: Override): void {
  const parts = key.split(".");
  let at = tree;
  for (const part of parts.slice(0, -1)) {
    const next = at[part] ?? {};
    if (!isTree(next)) {
      throw new UserError(
        "config/override",
        `${from}: expected a group at "${part}" but found a value`,
        "see dbnc init",
      );
    }
    at[part] = next;
    at = next;
  }
  at[parts.at(-1)!] = value;
}

const valueAt = (tree: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((at, part) => (at as Record<PropertyKey, unknown>)[part], tree);

/** Keys that the schema knows at a dotted path. */
function knownKeys(path: readonly PropertyKey[]): string[] {
  let at: unknown = ConfigSchema.parse({});
  for (const part of path) at = isTree(at) ? at[String(part)] : undefined;
  return isTree(at) ? Object.keys(at) : [];
}

/** Check data against the schema and fill in the defaults. @throws {UserError} naming the key. */
export function checkConfig(value: unknown, where: string): Config {
  const result = ConfigSchema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  if (issue.code === "unrecognized_keys") {
    const key = issue.keys[0]!;
    const full = [...issue.path, key].join(".");
    throw new UserError(
      "config/unknown-key",
      `${where}: expected a known key but found "${full}"`,
      suggest(key, knownKeys(issue.path)),
    );
  }
  const path = issue.path.join(".");
  throw new UserError(
    "config/value",
    `${where}: ${path}: ${issue.message.replace(/^(Too big|Too small|Invalid \w+): /, "").replace(/, received .*$/, "")} but found ${JSON.stringify(valueAt(value, issue.path))}`,
    "dbnc init writes a commented file of all keys",
  );
}

/** A run's name from the file or folder that it learns from. */
function nameOfSource(tree: Tree): string | undefined {
  const source = isTree(tree["data"]) ? tree["data"]["source"] : undefined;
  if (typeof source !== "string") return undefined;
  const name = basename(resolve(source))
    .replace(/\..*$/, "")
    .replace(/[^A-Za-z0-9_-]+/g, "-");
  return /^[A-Za-z]/.test(name) ? name : `data-${name}`;
}

/**
 * The resolved configuration: defaults, then the project file, then the command line.
 *
 * @param path the project file; undefined takes `dbnc.yaml` of the working folder if there is one.
 * @throws {UserError} for a missing file, bad YAML, an unknown key or a bad value.
 */
export function loadConfig(path: string | undefined, overrides: readonly Override[]): Config {
  const file = path ?? (existsSync("dbnc.yaml") ? "dbnc.yaml" : undefined);
  const tree = file === undefined ? {} : readYaml(file, "a project file", "dbnc init writes one");
  if (file !== undefined) checkConfig(tree, file);
  return resolveConfig(tree, overrides, overrides.length > 0 ? "command line" : (file ?? "defaults"));
}

/** Settings over a tree of keys, checked, with the defaults; a board brings its target and an interface. @param where names their source in errors. */
export function resolveConfig(tree: Tree, overrides: readonly Override[], where: string): Config {
  const resolved = structuredClone(tree);
  for (const override of overrides) setKey(resolved, override);
  resolved["name"] ??= nameOfSource(resolved);
  const { hardware } = resolved;
  const board = BOARDS.find(({ name }) => isTree(hardware) && name === hardware["board"]);
  if (board !== undefined && isTree(hardware)) {
    hardware["target"] ??= board.target;
    hardware["interface"] ??= "uart";
  }
  return checkConfig(resolved, where);
}
