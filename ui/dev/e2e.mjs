// Runs the tests of the built page in Chromium, two at a time: each has browsers and a stand-in
// centre of its own. What one prints is shown in one piece when it is over; all run, whatever
// fails. `LANZE_AT_ONCE=1` runs one after the other, arguments name the ones to run.
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const kTests = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), 'tests/e2e');
// The longest first, so that none is left to run alone at the end.
const kNames = ['desk_phone', 'desk', 'desk_contact', 'desk_own_call', 'call_page', 'desk_chat'];

// Whether it passed.
async function run(name) {
    const from = Date.now();
    const parts = [];
    const child = spawn(process.execPath, [join(kTests, `${name}.mjs`)], {
        stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.on('data', (part) => parts.push(part));
    child.stderr.on('data', (part) => parts.push(part));
    const status = await new Promise((resolve) => {
        child.on('error', (error) => resolve(String(error)));
        child.on('close', (code, signal) => resolve(code ?? signal));
    });
    const span_s = Math.round((Date.now() - from) / 1000);
    const told = status === 0 ? 'passed' : `failed (${status})`;
    process.stdout.write(`${Buffer.concat(parts)}${name}: ${told} in ${span_s} s\n`);
    return status === 0;
}

const wanted = process.argv.slice(2);
const waiting = wanted.length > 0 ? wanted : kNames;
const count = waiting.length;
const results = [];

async function run_next() {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
        results.push(await run(name));
    }
}

const at_once = Number(process.env.LANZE_AT_ONCE ?? 2);
await Promise.all(Array.from({ length: at_once }, run_next));
const passed = results.filter((one) => one).length;
console.log(`${passed} passed, ${count - passed} failed`);
process.exitCode = passed === count ? 0 : 1;
