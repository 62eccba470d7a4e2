/**
 * Where a worker's built JavaScript is. Workers load `dist/**.js`, never `.ts`; under the test runner
 * `import.meta.url` names the source, so the path is moved to `dist/`.
 *
 * @param from the caller's `import.meta.url`.
 * @param name the worker's file name without its extension, in the caller's folder.
 */
export function workerUrl(from: string, name: string): URL {
  const url = new URL(`./${name}.js`, from);
  if (!from.endsWith(".ts")) return url;
  const root = new URL("../", import.meta.url).href;
  return new URL(`dist/${url.href.slice(root.length)}`, root);
}
