// Fails the build when the first page weighs more than its limit, as gzip would send it: index.html
// and what it cannot do without. What is loaded only when it is looked at is told, and not counted.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const kLimitBytes = 100_000;

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
const first = new Set();
const open = [join('dist', 'index.html')];
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

const weight = (paths) =>
    [...paths].reduce((sum, path) => sum + gzipSync(readFileSync(path)).length, 0);
const kilobytes = (bytes) => (bytes / 1000).toFixed(1);
const counted = weight(first);
const later = weight(all) - counted;
console.log(
    `first page: ${kilobytes(counted)} kB gzip of ${kLimitBytes / 1000} kB; later, when looked at: ${kilobytes(later)} kB`,
);
if (counted > kLimitBytes || first.size < 3) {
    console.error([...first].join('\n'));
    process.exit(1);
}
