// Runs a test program that was compiled to WebAssembly, as `cargo test` would run a native one: same arguments, same files.
// For `cargo xtask test`, which runs the shared cases in wasm as well.
import { readFile } from "node:fs/promises";
import { argv, env, exit } from "node:process";
import { WASI } from "node:wasi";

const [program, ...args] = argv.slice(2);
const wasi = new WASI({ version: "preview1", args: [program, ...args], env, preopens: { "/": "/" } });
const module = await WebAssembly.compile(await readFile(program));
const instance = await WebAssembly.instantiate(module, wasi.getImportObject());
try {
  exit(wasi.start(instance));
} catch (error) {
  // A failed assertion has said so and then trapped; where in the wasm does not help.
  console.error(String(error));
  exit(101);
}
