// Puts together what the browser loads: `node site.mjs release|dev WASM_FOLDER SITE_FOLDER`.
// Everything in SITE/pkg is named by its content, so that it may be cached for ever; SITE/manifest.json maps each plain name to
// its address. Text and WASM have .br and .gz beside them. The folder appears whole or not at all.
import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import zlib from 'node:zlib';

const root = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), '..');
const esbuild = createRequire(path.join(root, 'frontend/browser/package.json'))('esbuild');
const [mode, wasmFolder, site] = process.argv.slice(2);
const release = mode === 'release';
const next = `${site}.next`;

const COMPRESSIBLE = /\.(css|html|ico|js|json|map|mjs|svg|txt|wasm|webmanifest|xml)$/;
const brotli = promisify(zlib.brotliCompress);
const gzip = promisify(zlib.gzip);

async function bundle(entry, options) {
  const result = await esbuild.build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    minify: release,
    write: false,
    logLevel: 'warning',
    legalComments: 'none',
    loader: { '.svg': 'dataurl' },
    define: { 'process.env.NODE_ENV': '"production"' },
    ...options,
  });
  return Buffer.from(result.outputFiles[0].contents);
}

async function write(file, content) {
  const target = path.join(next, file);
  await fs.mkdir(path.dirname(target), { recursive: true });
  await fs.writeFile(target, content);
  if (!COMPRESSIBLE.test(file)) return content.length;
  const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_SIZE_HINT } = zlib.constants;
  const [br, gz] = await Promise.all([
    brotli(content, { params: { [BROTLI_PARAM_QUALITY]: release ? 11 : 4, [BROTLI_PARAM_SIZE_HINT]: content.length } }),
    gzip(content, { level: release ? 9 : 1 }),
  ]);
  await Promise.all([fs.writeFile(`${target}.br`, br), fs.writeFile(`${target}.gz`, gz)]);
  return br.length;
}

async function copyStatic() {
  const folder = path.join(root, 'public');
  const entries = await fs.readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((found) => found.isFile())) {
    const file = path.relative(folder, path.join(entry.parentPath ?? entry.path, entry.name));
    if (file === 'manifest.json' || file.startsWith(`pkg${path.sep}`)) throw new Error(`public/${file}: that name is taken by the build`);
    await write(file, await fs.readFile(path.join(folder, file)));
  }
}

// Charts and page updates build on other people's work, passed on to every browser: their licences travel along.
async function copyLicences() {
  const modules = path.join(root, 'frontend/browser/node_modules');
  const texts = [];
  for (const file of ['idiomorph/LICENSE', 'echarts/LICENSE', 'echarts/NOTICE', 'zrender/LICENSE', 'tslib/LICENSE.txt']) {
    texts.push(`==== ${file} ====\n\n${await fs.readFile(path.join(modules, file), 'utf8')}`);
  }
  await write('third-party.txt', Buffer.from(texts.join('\n')));
}

const esm = { format: 'esm', target: 'es2022' };
const products = {
  'bellwether.js': await bundle(path.join(wasmFolder, 'bellwether.js'), esm),
  'bellwether_bg.wasm': await fs.readFile(path.join(wasmFolder, 'bellwether_bg.wasm')),
  'page.js': await bundle('frontend/browser/src/page/page.js', { ...esm, banner: { js: '/*! Contains idiomorph; licence: /third-party.txt */' } }),
  'charts.js': await bundle('frontend/browser/src/charts/charts.js', { ...esm, banner: { js: '/*! Contains Apache ECharts and ZRender; licences: /third-party.txt */' } }),
  'main.css': await bundle('style/main.css', {}),
};

await fs.rm(next, { recursive: true, force: true });
const manifest = {};
const sizes = await Promise.all(
  Object.entries(products).map(async ([name, content]) => {
    const { name: stem, ext } = path.parse(name);
    const file = `pkg/${stem}.${createHash('sha256').update(content).digest('hex').slice(0, 16)}${ext}`;
    manifest[name] = `/${file}`;
    return [name, content.length, await write(file, content)];
  }),
);
await copyStatic();
await copyLicences();
const ordered = Object.fromEntries(Object.entries(manifest).sort());
await fs.writeFile(path.join(next, 'manifest.json'), `${JSON.stringify(ordered, null, 2)}\n`);
await fs.rm(site, { recursive: true, force: true });
await fs.rename(next, site);

// What every visitor waits for stays small, however many pages there are.
const BUDGET = { 'bellwether_bg.wasm': 350_000, 'page.js': 15_000, 'main.css': 20_000, 'charts.js': 200_000 };
const over = sizes.filter(([name, , packed]) => release && packed > (BUDGET[name] ?? Infinity));

const kB = (bytes) => `${(bytes / 1000).toFixed(1).padStart(7)} kB`;
for (const [name, raw, packed] of sizes) console.error(`      ${name.padEnd(20)}${kB(raw)}, brotli ${kB(packed)}`);
for (const [name, , packed] of over) console.error(`stopped: ${name} has ${packed} bytes as sent, more than its budget of ${BUDGET[name]}`);
if (over.length > 0) process.exit(1);
