// Fails the build when a page weighs more than its limit, as gzip would send it: its HTML and what
// it cannot do without. What is loaded only when it is looked at is told, and not counted.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const kLimits = { 'index.html': 100_000, 'call.html': 40_000 };

function files_in(folder) {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
        const path = join(folder, entry.name);
        return entry.isDirectory() ? files_in(path) : [path];
    });
}

// What a file names that is loaded with it: of a page its scripts and styles, of a script what it
// imports at once, which stands without the brackets of a later import.
function needed_by(path) {
    const text = readFileSync(path, 'utf8');
    const names = path.endsWith('.html')
        ? /(?:src|href)="\.?\/([^"]+)"/g
        : /(?:from|import)\s*"\.\/([^"]+)"/g;
    const folder = path.endsWith('.html') ? 'dist' : join('dist', 'assets');
    return Array.from(text.matchAll(names), (match) => join(folder, match[1]));
}

const all = files_in('dist');

function first_of(page) {
    const first = new Set();
    const open = [join('dist', page)];
    while (open.length > 0) {
        const path = open.pop();
        if (first.has(path) || !all.includes(path)) {
            continue;
        }
        first.add(path);
        if (/\.(html|js)$/.test(path)) {
            open.push(...needed_by(path));
        }
    }
    return first;
}

const weight = (paths) =>
    [...paths].reduce((sum, path) => sum + gzipSync(readFileSync(path)).length, 0);
const kilobytes = (bytes) => (bytes / 1000).toFixed(1);
let is_too_heavy = false;
for (const [page, limit] of Object.entries(kLimits)) {
    const first = first_of(page);
    const counted = weight(first);
    console.log(`${page}: ${kilobytes(counted)} kB gzip of ${limit / 1000} kB`);
    if (counted > limit || first.size < 3) {
        console.error([...first].join('\n'));
        is_too_heavy = true;
    }
}
console.log(`all there is: ${kilobytes(weight(all))} kB`);
process.exit(is_too_heavy ? 1 : 0);
